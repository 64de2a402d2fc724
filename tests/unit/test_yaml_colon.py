"""A slip of everybody who writes Chinese: the colon of the Chinese keyboard."""

from __future__ import annotations

from reconciler.manifests import Manifest, parse


def test_a_full_width_colon_is_named() -> None:
    found = parse("id: SIG1\ncontent：优刻得\ntype: company\n".encode(), name="a", path="a.yaml")
    assert not isinstance(found, Manifest)
    assert "full-width colon" in found[0].summary
    assert (found[0].position.line, found[0].position.column) == (2, 1)


def test_a_full_width_colon_elsewhere_is_not_blamed() -> None:
    found = parse("scene: 验证码：登录\nlost\n".encode(), name="a", path="a.yaml")
    assert not isinstance(found, Manifest)
    assert "full-width" not in found[0].summary
