"""The folder of pictures: whole or not at all, under names of our own."""

import errno
import os
import re
import time

import pytest
from PIL import Image

from shop.errors import NotFound
from shop.media import storage
from shop.media.pipeline import reencode
from shop.media.srcset import picture_src, srcset
from shop.media.storage import NoRoom, path_of, store, sweep


@pytest.fixture
def checked():
    return reencode(Image.new("RGB", (900, 600), (200, 30, 30)))


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def made_old(folder, key):
    os.utime(path_of(folder, key).parent, (time.time() - 7200,) * 2)


def test_a_picture_lies_two_folders_deep_under_a_random_name(tmp_path, checked):
    key = store(tmp_path, checked)
    assert re.fullmatch(r"[0-9a-f]{32}", key)
    deep = f"{key[:2]}/{key[2:4]}/{key}"
    assert files_in(tmp_path) == [f"{deep}/{name}" for name in ("320.webp", "480.webp", "800.webp", "master.jpg")]
    assert path_of(tmp_path, key).read_bytes() == checked.master
    assert path_of(tmp_path, key, 480).read_bytes() == checked.sizes[480]


def test_the_same_picture_twice_is_two_pictures(tmp_path, checked):
    first, second = store(tmp_path, checked), store(tmp_path, checked)
    assert first != second
    assert path_of(tmp_path, first).read_bytes() == path_of(tmp_path, second).read_bytes()


@pytest.mark.parametrize("failing", ["_write", "_settle"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_disk_leaves_nothing_behind(tmp_path, checked, monkeypatch, failing, number):
    real, calls = getattr(storage, failing), []

    def full_at_the_second(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise OSError(number, os.strerror(number))
        real(*args, **kwargs)

    monkeypatch.setattr(storage, failing, full_at_the_second)
    with pytest.raises(NoRoom):
        store(tmp_path, checked)
    assert len(calls) == 2
    assert files_in(tmp_path) == []


def test_another_failure_of_the_disk_is_not_hidden(tmp_path, checked, monkeypatch):
    def broken(*_args, **_kwargs):
        raise OSError(errno.EIO, "disk broken")

    monkeypatch.setattr(storage, "_write", broken)
    with pytest.raises(OSError, match="disk broken"):
        store(tmp_path, checked)
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    "key", ["", "..", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "a" * 300, "\0" * 32]
)
def test_a_name_that_is_no_key_leads_nowhere(tmp_path, key):
    with pytest.raises(NotFound):
        path_of(tmp_path, key, 320)


@pytest.mark.parametrize("width", [0, -1, 321, 2**63])
def test_a_width_we_do_not_make_leads_nowhere(tmp_path, width):
    with pytest.raises(NotFound):
        path_of(tmp_path, "a" * 32, width)


def test_the_sweep_takes_old_files_without_a_row_and_nothing_else(tmp_path, checked):
    known, orphan, young = (store(tmp_path, checked, durable=False) for _ in range(3))
    broken_off = tmp_path / "coming" / ("b" * 32)
    broken_off.mkdir(parents=True)
    (broken_off / "320.webp").write_bytes(b"half")
    (tmp_path / "ab" / "cd").mkdir(parents=True, exist_ok=True)
    foreign = tmp_path / "ab" / "cd" / "readme.txt"
    foreign.write_text("not ours")
    for key in (known, orphan):
        made_old(tmp_path, key)
    for old in (broken_off, foreign):
        os.utime(old, (time.time() - 7200,) * 2)

    assert sweep(tmp_path, {known}) == sorted([orphan, "b" * 32])

    assert path_of(tmp_path, known).exists()
    assert path_of(tmp_path, young).exists()
    assert foreign.exists()
    assert not path_of(tmp_path, orphan).parent.exists()
    assert not broken_off.exists()


def test_the_sweep_of_a_folder_not_made_yet_finds_nothing(tmp_path):
    assert sweep(tmp_path / "none", set()) == []


def test_srcset_names_each_size_once_with_its_true_width():
    key = "a" * 32
    assert srcset(key, 1000) == f"/media/{key}-320.webp 320w, /media/{key}-480.webp 480w, /media/{key}-800.webp 800w"
    assert srcset(key, 200) == f"/media/{key}-320.webp 200w"
    assert picture_src(key) == f"/media/{key}-800.webp"
    with pytest.raises(ValueError, match="no such size"):
        picture_src(key, 801)
