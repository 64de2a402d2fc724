"""Makes the documents under signatures/_documents: `python -m tests.tools.make_examples`.

They are true PNG, JPEG and PDF files about companies that do not exist, and every one of them says
SAMPLE. The program uses no clock, no chance and no library outside Python, so that running it
again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.tools.image_formats import jpeg, png
from tests.tools.pdf_format import pdf
from tests.tools.pixel_font import Grid

DOCUMENTS = Path(__file__).resolve().parents[2] / "signatures" / "_documents"

_SCANS: Mapping[str, tuple[str, ...]] = {
    "retail/business-licence.png": (
        "BUSINESS LICENCE",
        "EXAMPLE RETAIL",
        "TECHNOLOGY CO.",
        "NO. EXAMPLE-0001",
    ),
    "retail/star-cup-trademark.jpg": (
        "TRADEMARK",
        "EXAMPLE STAR CUP",
        "CLASS 35",
        "UNTIL 2033-06-30",
    ),
    "retail/outlet-trademark.png": (
        "TRADEMARK",
        "EXAMPLE OUTLET HALL",
        "CLASS 35",
        "UNTIL 2032-03-31",
    ),
    "retail/fresh-fruit-trademark.png": (
        "TRADEMARK",
        "EXAMPLE FRESH FRUIT",
        "CLASS 31",
        "UNTIL 2034-09-30",
    ),
    "retail/app-store-console.png": (
        "APP STORE CONSOLE",
        "EXAMPLE TRAVEL",
        "DEVELOPER",
        "EXAMPLE RETAIL",
    ),
    "agency/tea-business-licence.jpg": (
        "BUSINESS LICENCE",
        "EXAMPLE GREEN TEA",
        "TRADING CO.",
        "NO. EXAMPLE-0002",
    ),
    "public/library-registration.png": (
        "REGISTRATION",
        "EXAMPLE CITY",
        "PUBLIC LIBRARY",
        "NO. EXAMPLE-0003",
    ),
    "public/library-letter.jpg": (
        "LETTER OF",
        "AUTHORIZATION",
        "PUBLIC LIBRARY",
        "UNTIL 2031-12-31",
    ),
}

_AGENT = "示例零售科技股份有限公司"

_PAGES: Mapping[str, tuple[str, ...]] = {
    "agency/tea-letter.pdf": (
        "授权书 Letter of authorization",
        "授权方 Grantor: 示例清茶商贸有限公司",
        f"被授权方 Agent: {_AGENT}",
        "授权使用的短信签名 SMS signature: 示例清茶商贸",
        "有效期至 Valid until: 2031-12-31",
    ),
    "agency/bird-trademark.pdf": (
        "商标注册证 Trademark registration certificate",
        "商标 Trademark: 示例飞鸟Express",
        "注册人 Owner: 示例飞鸟物流有限公司",
        "有效期至 Valid until: 2033-10-31",
    ),
    "agency/bird-letter.pdf": (
        "授权书 Letter of authorization",
        "授权方 Grantor: 示例飞鸟物流有限公司",
        f"被授权方 Agent: {_AGENT}",
        "授权使用的短信签名 SMS signature: 示例飞鸟Express",
        "有效期至 Valid until: 2032-06-30",
    ),
    "public/museum-registration.pdf": (
        "统一社会信用代码证书 Social credit code certificate",
        "机构名称 Name: 示例市博物馆",
        "代码 Code: EXAMPLE-0004",
        "有效期至 Valid until: 2031-08-31",
    ),
    "public/museum-letter.pdf": (
        "授权书 Letter of authorization",
        "授权方 Grantor: 示例市博物馆",
        f"被授权方 Agent: {_AGENT}",
        "授权使用的短信签名 SMS signature: 示例市博物馆",
        "有效期至 Valid until: 2031-08-31",
    ),
}


def documents() -> dict[str, bytes]:
    """Every document, by its path below `DOCUMENTS`."""
    made = {name: _scan(name, lines) for name, lines in _SCANS.items()}
    made |= {name: pdf((*lines, "SAMPLE 样本")) for name, lines in _PAGES.items()}
    return made


def _scan(name: str, lines: tuple[str, ...]) -> bytes:
    """A picture of 960 × 640 pixels: SAMPLE in large letters, the lines below it."""
    grid = Grid(120, 80)
    grid.frame()
    grid.write("SAMPLE", top=6, scale=2)
    for place, line in enumerate(lines):
        grid.write(line, top=28 + 12 * place)
    return jpeg(grid) if name.endswith(".jpg") else png(grid)


def main() -> None:
    """Write them all."""
    for name, content in documents().items():
        path = DOCUMENTS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{path.relative_to(DOCUMENTS.parent)}: {len(content)} bytes")


if __name__ == "__main__":
    main()
