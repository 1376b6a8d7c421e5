"""A user of a container may have no name and no home, and then no folders, which is no bug."""

from __future__ import annotations

import pwd
from pathlib import Path

import pytest

from billfold import ConfigError, StoreError
from billfold.accounts.config import load
from billfold.costs.ecb_cache import cache_file
from billfold.files.folders import own_folder
from billfold.store.location import store_url


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unknown(number: int) -> pwd.struct_passwd:
        raise KeyError(f"getpwuid(): uid not found: {number}")

    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "BILLFOLD_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("BILLFOLD_CONFIG", "BILLFOLD_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("nobody")
def test_nobody_has_no_folders_of_their_own() -> None:
    assert (own_folder("cache"), own_folder("config"), own_folder("data")) == (None, None, None)
    assert cache_file() is None


@pytest.mark.usefixtures("nobody")
def test_nobody_learns_what_to_name_instead() -> None:
    with pytest.raises(StoreError, match=r"no home folder .* name one by \$BILLFOLD_STORE"):
        store_url()
    with pytest.raises(ConfigError, match="No accounts configured"):
        load()


@pytest.mark.usefixtures("nobody")
def test_what_is_named_needs_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLFOLD_CACHE", "/scratch")
    assert str(cache_file()) == "/scratch/ecb-rates"
    assert store_url("/scratch/store") == "/scratch/store"


@pytest.mark.parametrize("name", ["a%20b", "a[1]", "a|b", "a^b", "a\\b", "a\nb"])
def test_a_folder_that_the_store_s_engine_does_not_take_is_refused_by_name(name: str) -> None:
    with pytest.raises(StoreError, match=r"takes no folder with .* name another place by --store"):
        store_url(f"/scratch/{name}/store")


@pytest.mark.parametrize("name", ["a b", "Ström ✓", "100%", "a#b?c", "{a}'\"<b>~*"])
def test_any_other_folder_is_taken(name: str) -> None:
    assert store_url(f"/scratch/{name}") == f"/scratch/{name}"


def test_a_folder_that_is_written_as_a_url_is_a_folder() -> None:
    assert store_url("file:///scratch/Application%20Support/store") == (
        "/scratch/Application Support/store"
    )


@pytest.mark.parametrize("url", ["s3://bills/store", "gs://bills", "az://bills/store"])
def test_a_bucket_of_a_cloud_is_taken(url: str) -> None:
    assert store_url(url) == url


@pytest.mark.parametrize("url", ["ftp://bills/store", "memory://", "x://y"])
def test_any_other_url_is_told_the_ones_that_a_store_can_have(url: str) -> None:
    with pytest.raises(StoreError, match="it is a folder, or s3://, gs:// or az://"):
        store_url(url)


@pytest.mark.parametrize("url", ["s3://", "gs:///bills", "az:// /bills"])
def test_an_address_without_a_bucket_is_refused_as_it_is_read(url: str) -> None:
    with pytest.raises(StoreError, match=r"names no bucket: write it like (s3|gs|az)://bucket/"):
        store_url(url)


def test_a_url_of_no_folder_is_not_the_working_directory() -> None:
    with pytest.raises(StoreError, match="names no folder: write it like file:///srv/bills"):
        store_url("file://")
