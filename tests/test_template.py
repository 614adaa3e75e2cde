from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from cfnlint.decode.cfn_yaml import load
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from skill.stores.dynamodb import DynamoDBStore

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template.yaml"
PARAMETERS = {"SkillId": "amzn1.ask.skill.00000000-0000-4000-8000-000000000000"}
ALEXAS_PATIENCE = 8
"""Seconds."""

Json = dict[str, Any]


@pytest.fixture(scope="module")
def source() -> Json:
    """The template as it is written, with !Ref and its like in their long form."""
    found: Json = load(str(TEMPLATE))
    return found


@pytest.fixture(scope="module")
def deployed() -> Json:
    """The resources that CloudFormation gets when SAM has had its turn, by name."""
    template = load(str(TEMPLATE))
    template["Resources"]["Skill"]["Properties"]["CodeUri"] = "s3://somewhere/lambda.zip"  # as `sam deploy` does
    session = boto3.Session(region_name="eu-west-1")
    translator = Translator({}, Parser(), boto_session=session)
    found: Json = translator.translate(sam_template=template, parameter_values=dict(PARAMETERS))["Resources"]
    return found


def of_type(resources: Json, kind: str) -> Json:
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] == kind}


def only(resources: Json, kind: str) -> tuple[str, Json]:
    (item,) = of_type(resources, kind).items()
    return item


def test_a_linter_finds_nothing() -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), str(TEMPLATE)]
    done = subprocess.run(
        command, env=os.environ | {"AWS_DEFAULT_REGION": "us-east-1"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_alexa_may_call_the_alias_for_this_skill_and_nobody_else_may(deployed: Json) -> None:
    alias, live = only(deployed, "AWS::Lambda::Alias")
    _, permission = only(deployed, "AWS::Lambda::Permission")
    assert live["Name"] == "live"
    assert permission["Principal"] == "alexa-appkit.amazon.com"
    assert permission["FunctionName"] == {"Ref": alias}
    assert permission["EventSourceToken"] == {"Ref": "SkillId"}


def test_listeners_meet_a_warm_snapshot(deployed: Json) -> None:
    name, function = only(deployed, "AWS::Lambda::Function")
    version, published = only(deployed, "AWS::Lambda::Version")
    _, live = only(deployed, "AWS::Lambda::Alias")
    assert function["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert published["FunctionName"] == {"Ref": name}
    assert live["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}


def test_a_changed_variable_reaches_listeners_too(source: Json) -> None:
    assert source["Resources"]["Skill"]["Properties"]["AutoPublishAliasAllProperties"] is True


def test_no_turn_runs_on_after_alexa_has_given_up(deployed: Json) -> None:
    assert only(deployed, "AWS::Lambda::Function")[1]["Timeout"] <= ALEXAS_PATIENCE


def test_the_function_is_what_the_package_holds(source: Json, deployed: Json) -> None:
    _, function = only(deployed, "AWS::Lambda::Function")
    module, handler = function["Handler"].split(".")
    assert f"def {handler}(" in (ROOT / "lambda" / f"{module}.py").read_text(encoding="utf-8")
    assert function["Runtime"] == "python3.13"
    assert source["Resources"]["Skill"]["Properties"]["CodeUri"] == "build/lambda.zip"
    packaging = (ROOT / "scripts" / "package.py").read_text(encoding="utf-8")
    default = source["Parameters"]["Architecture"]["Default"]
    assert re.search(rf'"--architecture", .*default="{default}"', packaging)


def test_the_function_knows_its_table_and_the_one_skill_it_serves(deployed: Json) -> None:
    variables = only(deployed, "AWS::Lambda::Function")[1]["Environment"]["Variables"]
    table, _ = only(deployed, "AWS::DynamoDB::Table")
    assert variables["SKILL_STORE"] == {"Fn::Sub": f"dynamodb://${{{table}}}"}
    assert variables["SKILL_ID"] == {"Ref": "SkillId"}


def test_the_function_may_do_three_things_to_one_table_and_write_its_log(deployed: Json) -> None:
    name, role = only(deployed, "AWS::IAM::Role")
    table, _ = only(deployed, "AWS::DynamoDB::Table")
    logs, _ = only(deployed, "AWS::Logs::LogGroup")
    assert only(deployed, "AWS::Lambda::Function")[1]["Role"] == {"Fn::GetAtt": [name, "Arn"]}
    assert "ManagedPolicyArns" not in role
    statements = [s for policy in role["Policies"] for s in policy["PolicyDocument"]["Statement"]]
    assert [(sorted(s["Action"]), s["Resource"]) for s in statements] == [
        (["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"], {"Fn::GetAtt": [table, "Arn"]}),
        (["logs:CreateLogStream", "logs:PutLogEvents"], {"Fn::GetAtt": [logs, "Arn"]}),
    ]


def test_the_table_has_the_key_and_the_expiry_that_the_store_writes(
    deployed: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    items: list[Json] = []
    store = DynamoDBStore("listeners")
    monkeypatch.setattr(store, "_ask", lambda operation, **arguments: items.append(arguments["Item"]))
    store.save("somebody", {}, 0, datetime(2026, 3, 2, tzinfo=UTC))
    (item,) = items
    _, table = only(deployed, "AWS::DynamoDB::Table")
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert item["expires"] == {"N": str(int(datetime(2027, 3, 2, tzinfo=UTC).timestamp()))}
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert {a["AttributeName"]: a["AttributeType"] for a in table["AttributeDefinitions"]} == {"id": "S"}
    assert item["id"] == {"S": "somebody"}


def test_listeners_survive_mistakes(deployed: Json) -> None:
    name, table = only(deployed, "AWS::DynamoDB::Table")
    assert deployed[name]["DeletionPolicy"] == deployed[name]["UpdateReplacePolicy"] == "Retain"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert "TableName" not in table  # A name of its own would stand in the way of the next stack after a deletion.


def test_the_log_is_the_functions_and_does_not_last_for_ever(deployed: Json) -> None:
    name, logs = only(deployed, "AWS::Logs::LogGroup")
    assert only(deployed, "AWS::Lambda::Function")[1]["LoggingConfig"]["LogGroup"] == {"Ref": name}
    assert logs["RetentionInDays"] <= 30


def test_somebody_hears_of_errors_throttling_slowness_and_a_sick_table(deployed: Json) -> None:
    alarms = of_type(deployed, "AWS::CloudWatch::Alarm")
    watched = {
        metric
        for alarm in alarms.values()
        for metric in [
            alarm.get("MetricName"),
            *(part["MetricStat"]["Metric"]["MetricName"] for part in alarm.get("Metrics", []) if "MetricStat" in part),
        ]
        if metric
    }
    assert watched == {"Errors", "Throttles", "Duration", "ReadThrottleEvents", "WriteThrottleEvents", "SystemErrors"}
    assert all(alarm["TreatMissingData"] == "notBreaching" for alarm in alarms.values())
    (slow,) = (alarm for alarm in alarms.values() if alarm.get("MetricName") == "Duration")
    assert slow["ExtendedStatistic"] == "p99"
    assert ALEXAS_PATIENCE * 500 < slow["Threshold"] < ALEXAS_PATIENCE * 1000


def test_mail_is_sent_only_where_an_address_is_given(source: Json, deployed: Json) -> None:
    topic, _ = only(deployed, "AWS::SNS::Topic")
    assert source["Parameters"]["AlarmEmail"]["Default"] == ""
    assert deployed[topic]["Condition"] == "Mails"
    for alarm in of_type(deployed, "AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == [{"Fn::If": ["Mails", {"Ref": topic}, {"Ref": "AWS::NoValue"}]}]


def test_everything_that_costs_carries_the_same_tag(deployed: Json) -> None:
    for kind in ("Lambda::Function", "IAM::Role", "Logs::LogGroup", "DynamoDB::Table", "SNS::Topic"):
        _, resource = only(deployed, f"AWS::{kind}")
        assert {"Key": "application", "Value": "healthy-bonds"} in resource["Tags"]


def test_the_manifest_gets_the_alias_and_not_the_function(source: Json) -> None:
    assert source["Outputs"]["Endpoint"]["Value"] == {"Ref": "Skill.Alias"}
