"""What a write says about a signature, checked. Everything raises `RefusalError`."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model import Purpose, SignatureType
from reconciler.sandbox import codes
from reconciler.sandbox.parameters import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The parameters that Create and Update share; proofs as `sha256:<hex>` or `url:<url>`."""

    content: str
    type: SignatureType
    purpose: Purpose
    scene: str | None
    certificate: str | None
    authorization: str | None


def read_update(parameters: Parameters) -> Description:
    """UpdateUSMSSignature: a proof is a file or the URL of one uploaded before; a file wins."""
    type_number = parameters.required_number("SigType", codes.TYPES)
    parameters.number("CertificateType", (type_number,))
    return _description(
        parameters,
        certificate=_file(parameters, "File") or _url(parameters, "Document"),
        authorization=_file(parameters, "ProxyFile") or _url(parameters, "ProxyDoc"),
        needed="ProxyFile or ProxyDoc",
    )


def read_create(parameters: Parameters) -> Description:
    """CreateUSMSSignature: a proof is a file; its page lists no URL."""
    type_number = parameters.required_number("SigType", codes.TYPES)
    parameters.required_number("CertificateType", (type_number,))
    parameters.required_text("Description")
    parameters.boolean("International")
    parameters.text("QualificationId")
    return _description(
        parameters,
        certificate=_file(parameters, "File"),
        authorization=_file(parameters, "ProxyFile"),
        needed="ProxyFile",
    )


def _description(
    parameters: Parameters, *, certificate: str | None, authorization: str | None, needed: str
) -> Description:
    purpose = codes.PURPOSES[parameters.required_number("SigPurpose", codes.PURPOSES)]
    if purpose is Purpose.OTHERS_USE and authorization is None:
        raise codes.RefusalError(codes.MISSING, f"{needed} is missing: SigPurpose is 1")
    return Description(
        content=_content(parameters),
        type=codes.TYPES[parameters.required_number("SigType", codes.TYPES)],
        purpose=purpose,
        scene=parameters.text("SceneDesc"),
        certificate=certificate,
        authorization=authorization,
    )


def _content(parameters: Parameters) -> str:
    content = parameters.required_text("SigContent")
    if len(content) not in codes.CONTENT_LENGTHS:
        raise codes.RefusalError(codes.INVALID, "SigContent must have 2 to 12 characters")
    if any(bracket in content for bracket in codes.CONTENT_BRACKETS):
        raise codes.RefusalError(codes.INVALID, "SigContent comes without 【】 and []")
    return content


def _file(parameters: Parameters, name: str) -> str | None:
    attachment = parameters.attachment(name)
    return None if attachment is None else attachment.identity


def _url(parameters: Parameters, name: str) -> str | None:
    url = parameters.text(name)
    return None if url is None else f"url:{url}"
