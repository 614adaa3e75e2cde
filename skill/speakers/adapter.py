"""flask-ask-sdk's SkillAdapter, on machines where it can't be imported as it is."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_STANDING_IN = ("certvalidator", "certvalidator.errors")


class _Unusable:
    """Stands in for what the SDK's own verifier would build; whoever tries gets an error, never a yes."""

    def __init__(self, *_: object, **__: object) -> None:
        raise NotImplementedError("certvalidator is not used here; check requests with skill.speakers.verification")


class _UnusableError(Exception):
    """Stands in for certvalidator's errors, which nothing raises."""


def skill_adapter() -> Any:
    """Return the class flask_ask_sdk.skill_adapter.SkillAdapter.

    flask-ask-sdk 1.0.0 imports a verifier, that imports certvalidator, and that oscrypto 1.3.0, which refuses to be
    imported where OpenSSL has a patch level of two digits (3.0.10 and later). Nobody maintains that chain, and this
    project verifies requests itself; so for the time of the import, and on every machine alike, a stand-in takes
    certvalidator's place, and certvalidator and its own warnings never load.
    """
    before = {name: sys.modules.get(name) for name in _STANDING_IN}
    package, errors = (ModuleType(name) for name in _STANDING_IN)
    vars(package).update(CertificateValidator=_Unusable, errors=errors, __path__=[])
    vars(errors).update(PathError=_UnusableError, ValidationError=_UnusableError)
    sys.modules.update({package.__name__: package, errors.__name__: errors})
    try:
        return importlib.import_module("flask_ask_sdk.skill_adapter").SkillAdapter
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
