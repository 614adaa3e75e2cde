"""Build what is deployed: build/lambda.zip, which AWS runs, and build/skill-package/, which `ask deploy` takes.

`make package` calls it after it has compiled the content. The same commit gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import icons

ROOT = Path(__file__).parents[1]

PLATFORMS = {"arm64": "aarch64", "x86_64": "x86_64"}
"""The names of the Lambda architectures, and the same in the names of wheels."""

GLIBC = ("manylinux2014", "manylinux_2_28", "manylinux_2_34")
"""The tags of wheels that run on Amazon Linux 2023, the system of python3.13; its C library is glibc 2.34."""

OURS_LEFT_OUT = ("__pycache__", "__main__.py", "making", "speakers", "content", "*.digest")
"""What of our package AWS does not need: the workshop, the other speakers, and content before it is compiled."""

THEIRS_LEFT_OUT = (
    "bin",
    "**/*.pyi",
    "**/py.typed",
    "certifi/tests",
    "rapidfuzz/__pyinstaller",
    "numpy/**/tests",
    "numpy/distutils",
    "numpy/f2py",
    "numpy/_pyinstaller",
    "numpy/_core/include",
    "numpy/*/lib/*.a",
    # Only ask_sdk_core.api_client uses requests; skill/alexa/amazon_api.py takes its place.
    "requests*",
    "charset_normalizer*",
    "idna*",
)
"""What of the dependencies is never imported, as patterns from the folder they are installed in."""

SERVICE = "dynamodb"
"""The one AWS service whose description botocore needs; all of them would be nine tenths of the package."""

KEPT_NOTICES = ("LICENSE", "LICENCE", "NOTICE", "COPYING", "AUTHORS")
"""The files of a *.dist-info folder that stay: their licences ask for it. Nothing reads the others at run time."""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time that every entry of the zip carries: the earliest that the format knows."""

MODELS = ROOT / "interaction_models"
ENDPOINT_UNKNOWN = "arn:aws:lambda:REGION:ACCOUNT:function:NAME:live"
"""What the checked-in manifest has for an endpoint."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build both; return 0, or 1 after one line that says what to do."""
    options = _parser().parse_args(arguments)
    target: Path = options.to
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target) as name:
            stage(Path(name), options.architecture, options.python)
            size = zipped(Path(name), target / "lambda.zip")
        print(f"{target / 'lambda.zip'}: {size / 1e6:.1f} MB, python{options.python}, {options.architecture}")
        lay_out(target / "skill-package", options.endpoint, options.privacy_url)
        print(
            f"{target / 'skill-package'}: {'endpoint ' + options.endpoint if options.endpoint else 'no endpoint yet'}"
        )
    except (OSError, ValueError) as error:
        print(f"can't be packaged: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Build build/lambda.zip and build/skill-package/.")
    parser.add_argument("--architecture", choices=PLATFORMS, default="arm64", help="as in the template (arm64)")
    parser.add_argument("--python", default="3.13", help="the version that runs it (3.13)")
    parser.add_argument("--endpoint", help="the ARN, or the https address, that the manifest names")
    parser.add_argument("--privacy-url", help="the web address of your privacy policy")
    parser.add_argument("--to", type=Path, default=ROOT / "build", help="the folder to build in (build/)")
    return parser


def stage(folder: Path, architecture: str, python: str) -> None:
    """Put into `folder` what is unpacked on AWS. Raises ValueError where something is missing."""
    install(folder, architecture, python)
    for pattern in THEIRS_LEFT_OUT:
        for path in list(folder.glob(pattern)):
            _remove(path)
    for path in (folder / "botocore" / "data").iterdir():
        if path.is_dir() and path.name != SERVICE:
            shutil.rmtree(path)
    for path in [path for info in folder.glob("*.dist-info") for path in info.rglob("*")]:
        if path.is_file() and not any(notice in path.name.upper() for notice in KEPT_NOTICES):
            path.unlink()
    if not (ROOT / "skill" / "compiled" / "en.json").exists():
        raise ValueError("the content has not been compiled: run `make content`")
    shutil.copytree(ROOT / "skill", folder / "skill", ignore=shutil.ignore_patterns(*OURS_LEFT_OUT))
    for path in (ROOT / "lambda").glob("*.py"):
        shutil.copy(path, folder)


def install(folder: Path, architecture: str, python: str) -> None:
    """Install the locked dependencies as wheels for the Lambda. Raises ValueError with pip's last word on failure."""
    platforms = [f"--platform={tag}_{PLATFORMS[architecture]}" for tag in GLIBC]
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--no-compile"]
    command += ["--require-hashes", "--no-deps", "--only-binary=:all:", "--implementation=cp", *platforms]
    command += [f"--python-version={python}", f"--target={folder}"]
    command += [f"--requirement={ROOT / 'requirements' / 'lambda.txt'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"pip could not install requirements/lambda.txt: {done.stderr.strip().splitlines()[-1]}")


def zipped(folder: Path, path: Path) -> int:
    """Write all files below `folder` into a zip at `path`, the same bytes for the same files; return its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in _files(folder):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system = 3  # Unix, wherever it is built, so that the permissions count.
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (folder / name).read_bytes())
    return path.stat().st_size


def _files(folder: Path) -> Iterator[str]:
    yield from sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def lay_out(folder: Path, endpoint: str | None, privacy_url: str | None) -> None:
    """Write the skill package: manifest, interaction models and icons.

    Without `endpoint` the manifest names none, so that the skill can be made before there is one: only then does it
    have the id that the function needs to know. Raises ValueError for an address that Alexa would refuse.
    """
    manifest = json.loads((MODELS / "skill.json").read_text(encoding="utf-8"))
    custom, events = manifest["manifest"]["apis"]["custom"], manifest["manifest"].pop("events")
    del custom["endpoint"]
    if endpoint:
        custom["endpoint"] = _endpoint(endpoint)
        manifest["manifest"]["events"] = events | {"endpoint": _endpoint(endpoint)}
    if privacy_url:
        if not privacy_url.startswith("https://"):
            raise ValueError(f"--privacy-url {privacy_url!r} is no https address")
        locales = manifest["manifest"]["publishingInformation"]["locales"]
        policies = {locale: {"privacyPolicyUrl": privacy_url} for locale in locales}
        manifest["manifest"]["privacyAndCompliance"]["locales"] = policies
    shutil.rmtree(folder, ignore_errors=True)
    models, images = folder / "interactionModels" / "custom", folder / "assets" / "images"
    models.mkdir(parents=True)
    images.mkdir(parents=True)
    for locale in manifest["manifest"]["publishingInformation"]["locales"]:
        shutil.copyfile(MODELS / f"{locale}.json", models / f"{locale}.json")
    for name, pixels in icons.SIZES.items():
        (images / name).write_bytes(icons.icon(pixels))
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (folder / "skill.json").write_text(text, encoding="utf-8")


def _endpoint(address: str) -> dict[str, str]:
    if address.startswith("arn:") and address != ENDPOINT_UNKNOWN:
        return {"uri": address}
    if address.startswith("https://"):
        return {"uri": address, "sslCertificateType": "Trusted"}
    raise ValueError(f"--endpoint {address!r} is neither the ARN of the alias nor an https address")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
