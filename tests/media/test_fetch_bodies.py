"""Replies that are not what they say: redirects with cookies, parts, packed, cut, mislabelled, lying about length."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Any

import pytest

from dataflow.core.errors import MediaError
from dataflow.core.loop import run_blocking
from dataflow.media.fetch import fetch_bytes, fetch_file, fetch_table
from dataflow.media.fetch_limits import FetchLimits, display_url
from tests.pictures import make_pictures
from tests.scripted_server import scripted

HERE = FetchLimits(max_bytes=100_000, timeout=120.0, allow_private=True)
CONTENT = "".join(map(chr, range(256))) * 20
WANTED = CONTENT.encode("latin-1")


def fetch(url: str, limits: FetchLimits = HERE) -> bytes:
    return run_blocking(fetch_bytes(url, limits))


def test_a_cookie_that_a_redirect_sets_is_carried_on_and_only_within_one_fetch(tmp_path: Path) -> None:
    wall = {"status": 302, "headers": {"Location": "/a?again", "Set-Cookie": "seen=1; Path=/"}}
    with scripted(tmp_path, {"/a": [{"cookie": "seen=1", "body": CONTENT}, wall]}) as server:
        assert fetch(f"{server.root}/a") == WANTED
        assert fetch(f"{server.root}/a") == WANTED
        assert ["cookie" in entry["headers"] for entry in server.log()] == [False, True] * 2


def test_a_cookie_stays_with_its_host_and_its_path(tmp_path: Path) -> None:
    def leads_to(where: str, **cookie: str) -> dict[str, Any]:
        return {"status": 302, "headers": {"Location": where, "Set-Cookie": "; ".join(["seen=1", *cookie.values()])}}

    with scripted(tmp_path, {"*": {"body": CONTENT}}) as other:
        there = other.root.replace("127.0.0.1", "localhost")
        script = {"/a": leads_to(there), "/b": leads_to("/c", path="Path=/elsewhere"), "/c": {"body": CONTENT}}
        with scripted(tmp_path, {**script, "/d": leads_to("/c", domain="Domain=example.org")}) as server:
            for path in "abd":
                assert fetch(f"{server.root}/{path}") == WANTED
            assert all("cookie" not in entry["headers"] for entry in server.log() + other.log())


@pytest.mark.parametrize(
    "location",
    ["http://[::1", "http://h:99999/", "ftp://h/a", "file:///etc/passwd", "//[", "http://\N{SNOWMAN}\x01:x/"],
)
def test_a_redirect_to_what_is_no_usable_url_is_the_samples_error(tmp_path: Path, location: str) -> None:
    redirect = {"status": 302, "headers": {"Location": location}}
    with (
        scripted(tmp_path, {"*": redirect}) as server,
        pytest.raises(MediaError, match=r"no usable URL|only http and https are followed"),
    ):
        fetch(f"{server.root}/a")


@pytest.mark.parametrize("url", ["http://[::1", "http://h:port/a", "http://a b\x1b[31m.test:x/c"])
def test_a_url_that_is_none_is_the_samples_error_and_shown_harmlessly(url: str) -> None:
    with pytest.raises(MediaError) as raised:
        fetch(url)
    assert "\x1b" not in str(raised.value) and "\x1b" not in display_url(url)


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "GZip"])
def test_a_packed_body_is_unpacked(tmp_path: Path, encoding: str) -> None:
    packed = (
        zlib.compress(WANTED) if encoding == "deflate" else gzip.compress(WANTED[:100]) + gzip.compress(WANTED[100:])
    )
    reply = {"body": packed.decode("latin-1"), "headers": {"Content-Encoding": encoding}}
    with scripted(tmp_path, {"*": reply}) as server:
        assert fetch(f"{server.root}/a") == WANTED
        assert server.log()[0]["headers"]["accept-encoding"] == "identity"


@pytest.mark.parametrize("encoding", ["gzip", "utf-8", "aws-chunked", "none", "identity"])
def test_a_body_that_is_not_packed_whatever_is_said_is_taken_as_it_is(tmp_path: Path, encoding: str) -> None:
    with scripted(tmp_path, {"*": {"body": CONTENT, "headers": {"Content-Encoding": encoding}}}) as server:
        assert fetch(f"{server.root}/a") == WANTED


def test_a_bomb_ends_at_the_limit(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(50_000_000)).decode("latin-1")
    reply = {"body": bomb, "headers": {"Content-Encoding": "gzip"}}
    with scripted(tmp_path, {"*": reply}) as server, pytest.raises(MediaError, match="larger than the limit"):
        fetch(f"{server.root}/a")


@pytest.mark.parametrize("get", [fetch_file, fetch_table])
def test_of_a_body_without_end_no_more_than_the_limit_is_kept_and_then_nothing(tmp_path: Path, get: Any) -> None:
    into = tmp_path / "into"
    endless = {"body": "a" * 100_000, "repeat": 20, "declare": None}
    place = into if get is fetch_file else into / "table"
    with scripted(tmp_path, {"*": endless}) as server, pytest.raises(MediaError, match="larger than the limit"):
        run_blocking(get(f"{server.root}/a", place, HERE))
    assert not list(into.iterdir())


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "gzip, gzip"])
def test_what_cannot_be_unpacked_is_named(tmp_path: Path, encoding: str) -> None:
    reply = {"body": CONTENT, "headers": {"Content-Encoding": encoding}}
    with scripted(tmp_path, {"*": reply}) as server, pytest.raises(MediaError, match="although it was asked not to"):
        fetch(f"{server.root}/a")


@pytest.mark.parametrize("validator", [{"ETag": '"v1"'}, {"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}])
def test_a_download_that_breaks_is_gone_on_with(tmp_path: Path, validator: dict[str, str]) -> None:
    whole = {"body": CONTENT, "ranges": True, "headers": validator}
    with scripted(tmp_path, {"*": [{**whole, "cut": 1000}, {**whole, "cut": 500}, whole]}) as server:
        assert run_blocking(fetch_file(f"{server.root}/a", tmp_path / "got", HERE)).read_bytes() == WANTED
        ranges = [entry["headers"].get("range") for entry in server.log()]
        assert ranges == [None, "bytes=1000-", "bytes=1500-"]
        assert server.log()[1]["headers"]["if-range"] in validator.values()


@pytest.mark.parametrize(
    "whole",
    [
        {"ranges": True},  # nothing tells whether the rest is the rest of the same
        {"headers": {"ETag": '"v1"'}},
        {"ranges": True, "headers": {"ETag": 'W/"v1"'}},
    ],
)
def test_where_that_is_not_safe_it_begins_anew(tmp_path: Path, whole: dict[str, Any]) -> None:
    whole = {"body": CONTENT, **whole}
    with scripted(tmp_path, {"*": [{**whole, "cut": 1000}, whole]}) as server:
        assert fetch(f"{server.root}/a") == WANTED
        assert all("range" not in entry["headers"] for entry in server.log())


def test_what_has_changed_in_between_is_fetched_whole(tmp_path: Path) -> None:
    first = {"body": "old " * 1000, "ranges": True, "headers": {"ETag": '"v1"'}, "cut": 1000}
    with scripted(tmp_path, {"*": [first, {"body": CONTENT, "headers": {"ETag": '"v2"'}}]}) as server:
        assert fetch(f"{server.root}/a") == WANTED


def test_a_part_that_comes_unasked_is_completed_or_refused(tmp_path: Path) -> None:
    size = len(CONTENT)
    part = {"status": 206, "headers": {"Content-Range": f"bytes 0-999/{size}", "ETag": '"v1"'}, "body": CONTENT[:1000]}
    rest = {"body": CONTENT, "ranges": True, "headers": {"ETag": '"v1"'}}
    all_of_it = {"status": 206, "headers": {"Content-Range": f"bytes 0-{size - 1}/{size}"}, "body": CONTENT}
    with scripted(tmp_path, {"/a": [part, rest], "/b": all_of_it, "/c": {**all_of_it, "headers": {}}}) as server:
        assert fetch(f"{server.root}/a") == WANTED
        assert fetch(f"{server.root}/b") == WANTED
        with pytest.raises(MediaError, match="only a part"):
            fetch(f"{server.root}/c")


@pytest.mark.parametrize("ranges", [False, True])
def test_a_picture_is_taken_although_more_bytes_are_declared_than_there_are(tmp_path: Path, ranges: bool) -> None:
    (picture,) = make_pictures(tmp_path, 1)
    size = picture.stat().st_size
    reply = {"read": str(picture), "declare": size + 500, "ranges": ranges, "headers": {"ETag": '"v1"'}}
    with scripted(tmp_path, {"*": reply}) as server:
        assert fetch(f"{server.root}/a") == picture.read_bytes()


def test_a_body_that_always_ends_too_early_is_an_error_that_counts(tmp_path: Path) -> None:
    with (
        scripted(tmp_path, {"*": {"body": CONTENT, "cut": 700}}) as server,
        pytest.raises(MediaError, match="broke after 700 of 5,120 bytes"),
    ):
        fetch(f"{server.root}/a")


def test_without_a_length_the_content_ends_with_the_connection(tmp_path: Path) -> None:
    with scripted(tmp_path, {"*": {"body": CONTENT, "declare": None}}) as server:
        assert fetch(f"{server.root}/a") == WANTED


def test_what_is_sent_beyond_the_length_that_was_declared_is_no_content(tmp_path: Path) -> None:
    with scripted(tmp_path, {"*": {"body": CONTENT, "declare": 100}}) as server:
        try:
            assert fetch(f"{server.root}/a") == WANTED[:100]
        except MediaError as error:  # it came in one packet with the rest, and is read as a reply that nobody asked for
            assert "cannot be fetched" in str(error)


@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream", "", "nonsense; charset"])
def test_a_picture_is_judged_by_its_content_whatever_it_is_called(tmp_path: Path, kind: str) -> None:
    (picture,) = make_pictures(tmp_path, 1)
    reply = {"read": str(picture), "headers": {"Content-Type": kind} if kind else {}}
    with scripted(tmp_path, {"*": reply}) as server:
        assert fetch(f"{server.root}/a") == picture.read_bytes()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<!DOCTYPE html><html><head><title>Log in\x1b[31m</title>", r'a web page \("Log in\?\[31m"\)'),
        ('\n {"error": "expired"}', "a message, not an image or a video"),
        ("\xef\xbb\xbf<html>", "a web page, not"),
        ('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
    ],
)
@pytest.mark.parametrize("kind", ["image/jpeg", "video/mp4"])
def test_a_page_that_calls_itself_a_medium_is_an_error(tmp_path: Path, body: str, said: str, kind: str) -> None:
    with scripted(tmp_path, {"*": {"body": body, "headers": {"Content-Type": kind}}}) as server:
        with pytest.raises(MediaError, match=said):
            fetch(f"{server.root}/a")
        with pytest.raises(MediaError, match=said):
            run_blocking(fetch_file(f"{server.root}/a.mp4", tmp_path / "videos", HERE))
        assert list((tmp_path / "videos").iterdir()) == []


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "wants a login"), (403, "the link has expired"), (404, "check the URL"), (451, "answers 451")],
)
def test_a_refusal_says_what_may_help(tmp_path: Path, status: int, said: str) -> None:
    with scripted(tmp_path, {"*": {"status": status}}) as server:
        with pytest.raises(MediaError, match=said):
            fetch(f"{server.root}/a")
        assert len(server.log()) == 1
