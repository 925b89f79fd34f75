"""A row never stands without its files; files without a row are swept."""

import errno
import io
import os
import time

import pytest
from PIL import Image
from sqlalchemy import func, select

from shop import settings_of
from shop.actor import Actor
from shop.db import reading, writing
from shop.media import storage
from shop.media.models import Picture
from shop.media.pipeline import BadPicture
from shop.media.queries import known_keys, picture_by_key, pictures_by_id
from shop.media.services import add_kept, add_picture, keep, sweep_pictures
from shop.media.storage import NoRoom, path_of
from shop.outbox.periodic import run_round

MEI = Actor("user:7", "broker", "Mei")


@pytest.fixture
def photo():
    buffer = io.BytesIO()
    Image.new("RGB", (900, 600), (200, 30, 30)).save(buffer, "JPEG")
    return buffer.getvalue()


def rows():
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Picture))


def test_a_picture_is_a_row_with_its_files(engine, tmp_path, photo, at):
    moment = at("2026-11-20 09:00")
    with writing() as session:
        picture = add_picture(session, data=photo, by=MEI, folder=tmp_path)
    with reading() as session:
        stored = picture_by_key(session, picture.key)
        assert stored is not None
        assert (stored.width, stored.height, stored.uploaded_by, stored.created_at) == (900, 600, "user:7", moment)
        assert pictures_by_id(session, [stored.id, 999])[stored.id].key == picture.key
        assert picture_by_key(session, "a" * 32) is None
    files = list(path_of(tmp_path, picture.key).parent.iterdir())
    assert stored.bytes_size == sum(file.stat().st_size for file in files)


def test_the_same_bytes_twice_are_two_pictures_of_one_content(engine, tmp_path, photo):
    with writing() as session:
        first, second = (add_picture(session, data=photo, by=MEI, folder=tmp_path) for _ in range(2))
    assert first.key != second.key
    assert first.sha256 == second.sha256
    assert rows() == 2


def test_what_is_no_picture_leaves_neither_row_nor_file(engine, tmp_path):
    with pytest.raises(BadPicture), writing() as session:
        add_picture(session, data=b"words", by=MEI, folder=tmp_path)
    assert rows() == 0
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_no_row(engine, tmp_path, photo, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(storage, "_write", full)
    with pytest.raises(NoRoom), writing() as session:
        add_picture(session, data=photo, by=MEI, folder=tmp_path)
    assert rows() == 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_files_whose_row_was_rolled_back_are_swept_after_an_hour(engine, tmp_path, photo):
    with writing() as session:
        stays = add_picture(session, data=photo, by=MEI, folder=tmp_path)
    kept = keep(photo, tmp_path)

    def broken_off():
        with writing() as session:
            add_kept(session, kept=kept, by=MEI)
            raise RuntimeError("the rest of the transaction failed")

    with pytest.raises(RuntimeError):
        broken_off()
    assert rows() == 1
    with reading() as session:
        assert sweep_pictures(session, folder=tmp_path) == []
        for key in (kept.key, stays.key):
            os.utime(path_of(tmp_path, key).parent, (time.time() - 7200,) * 2)
        assert sweep_pictures(session, folder=tmp_path) == [kept.key]
        assert known_keys(session) == {stays.key}
    assert path_of(tmp_path, stays.key).exists()
    assert not path_of(tmp_path, kept.key).exists()


def test_the_worker_sweeps_the_shops_folder(app, photo):
    folder = settings_of(app).media_path
    orphan = keep(photo, folder)
    os.utime(path_of(folder, orphan.key).parent, (time.time() - 7200,) * 2)
    with app.app_context():
        assert run_round("media.sweep")
        assert not run_round("media.sweep"), "once a day is enough"
    assert not path_of(folder, orphan.key).exists()
