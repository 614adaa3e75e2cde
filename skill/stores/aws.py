"""A boto3 client for DynamoDB, and what its errors mean to the person who runs the skill."""

from __future__ import annotations

import os
from typing import Any

import boto3.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from skill.errors import StoreUnavailableError

# botocore raises ValueError for an endpoint that is no URL, OSError for files of credentials that can't be read.
ERRORS = (BotoCoreError, ClientError, ResponseParserError, OSError, ValueError)
"""Everything that boto3 raises where the store, the network or the settings are at fault."""

_CHECK_NETWORK = "check the network, the region and AWS_ENDPOINT_URL_DYNAMODB"
_GIVE_CREDENTIALS = "give AWS credentials that may use the table, in the environment or with `aws configure`"
_ALLOW = "allow dynamodb:GetItem, PutItem and DeleteItem on the table"
_WAIT = "try again later, or raise the table's or the account's limits"

_BY_CODE = {
    "ResourceNotFoundException": "is missing: run `python -m skill store create`, or mend SKILL_STORE",
    "AccessDeniedException": f"refused: {_ALLOW}",
    "UnrecognizedClientException": f"refused: {_GIVE_CREDENTIALS}",
    "InvalidSignatureException": f"refused: {_GIVE_CREDENTIALS}",
    "MissingAuthenticationTokenException": f"refused: {_GIVE_CREDENTIALS}",
    "MissingAuthenticationToken": f"refused: {_GIVE_CREDENTIALS}",
    "ExpiredTokenException": f"refused expired credentials: {_GIVE_CREDENTIALS}",
    "ProvisionedThroughputExceededException": f"is throttled: {_WAIT}",
    "ThrottlingException": f"is throttled: {_WAIT}",
    "RequestLimitExceeded": f"is throttled: {_WAIT}",
}


def client(table: str, config: Config) -> Any:
    """Return a low-level DynamoDB client. Raises StoreUnavailableError where the settings don't allow one."""
    try:
        # A session of its own: boto3's shared one may not make clients in several threads at once.
        session = boto3.session.Session()
        # boto3 reads AWS_DEFAULT_REGION and the profile; Lambda and the other SDKs have AWS_REGION.
        region = session.region_name or os.environ.get("AWS_REGION") or None
        return session.client("dynamodb", region_name=region, config=config)
    except ERRORS as error:
        raise unavailable(error, table) from error


def code(error: ClientError) -> str:
    """Return the name of the error that the service answered."""
    return str(error.response.get("Error", {}).get("Code", ""))


def unavailable(error: Exception, table: str) -> StoreUnavailableError:
    """Return what `error` means for the use of `table`, in one line that says what to do."""
    if isinstance(error, ClientError):
        trouble = _BY_CODE.get(code(error)) or f"refused ({_line(error)}): check the table and SKILL_STORE"
    elif isinstance(error, NoRegionError):
        trouble = "is in no known region: set AWS_REGION"
    elif isinstance(error, NoCredentialsError | PartialCredentialsError):
        trouble = f"can't be asked without credentials: {_GIVE_CREDENTIALS}"
    elif isinstance(error, ConnectTimeoutError | ReadTimeoutError):
        trouble = f"did not answer in time: {_CHECK_NETWORK}"
    elif isinstance(error, EndpointConnectionError):
        trouble = f"can't be reached: {_CHECK_NETWORK}"
    else:
        trouble = f"can't be used ({_line(error)}): {_CHECK_NETWORK}"
    return StoreUnavailableError(f"DynamoDB table {table} {trouble}")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
