"""What is sent to a fleet: routines with their files, once each, and addresses that mean the same everywhere."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

from voicecoach.batch.bundles import bundle_of, keep_bundle, own_bundle_of
from voicecoach.batch.fleet.identity import identity
from voicecoach.batch.fleet.orders import Order, Routine
from voicecoach.batch.job import Job, Making, Result
from voicecoach.batch.materials import materials_of
from voicecoach.cache import Place
from voicecoach.config import data_folder
from voicecoach.engines.registry import alternatives
from voicecoach.errors import UsageError
from voicecoach.library import Library
from voicecoach.source.nodes import SourceFile

HELD_ROUTINES = 64
"""So many routines' bundles are held at a time."""
SENT_BYTES = 16_000_000
"""A bundle that is larger does not go with each unit; it must lie in a store."""
APPEAR_S = 10.0
"""How long a file that a worker wrote may take to be seen here: network drives tell of it late."""


class Sending:
    """Makes jobs ready to be sent.

    Parameters
    ----------
    making
        What all sessions have in common.
    """

    def __init__(self, making: Making) -> None:
        self.making = making
        self._data = making.data or data_folder()
        self._library = Library(user_folder=self._data)
        self._digests: dict[tuple[str, SourceFile], str] = {}
        self._routines: OrderedDict[str, Routine] = OrderedDict()

    def order(self) -> Order:
        """Say what all parcels have in common."""
        making = self.making
        _assert_no_place(making.options.voice)
        own = own_bundle_of(self._data)
        return Order(making.options, making.output, making.store, making.paid, own, str(self._data), identity())

    def ready(self, job: Job) -> tuple[Job, Routine]:
        """Return a job as it is sent, and what a worker needs of its routine.

        Raises
        ------
        UsageError
            The routine names files, or the job a voice, that other machines do not have.
        StoreError
            The store cannot be written.
        """
        _assert_no_place(job.profile.voice)
        known = (job.name, job.source)
        digest = self._digests.get(known, "")
        if digest not in self._routines:
            digest = self._pack(job)
            self._digests[known] = digest
        self._routines.move_to_end(digest)
        return replace(job, source=SourceFile(job.source.name, "")), self._routines[digest]

    def _pack(self, job: Job) -> str:
        materials = materials_of(job.source, job.name, self._library)
        bundle = bundle_of(materials)
        if self.making.store:
            keep_bundle(Place(self.making.store), materials.digest, bundle)
        elif len(bundle) > SENT_BYTES:
            message = (
                f"{job.source.name}: its files are {len(bundle) / 1e6:.0f} MB, too much to be sent with every unit"
            )
            raise UsageError(message, hint="name a store that all machines have: --store s3://bucket/folder")
        root = "" if job.source.folder is None else str(job.source.folder)
        self._routines[materials.digest] = Routine(materials.digest, root, None if self.making.store else bundle)
        while len(self._routines) > HELD_ROUTINES:
            self._routines.popitem(last=False)
        return materials.digest


def _assert_no_place(spec: str | None) -> None:
    """Refuse a voice that is named by its folder on this machine."""
    for one in alternatives(spec or ""):
        engine, _, voice = one.partition(":")
        if engine == "recorded" and ("/" in voice or "\\" in voice):
            message = f"'{one}' is a folder of this machine, which others do not have"
            raise UsageError(
                message, hint="name it in the routine, with its folder beside that: voice: recorded:./NAME"
            )


def shared_address(address: str, what: str, *, here: bool) -> str:
    """Make sure that an address means the same for all machines; return it so that it does.

    Parameters
    ----------
    address
        A path or an fsspec address.
    what
        What it is, for people.
    here
        The scheduler is on this machine, so its workers are taken to be.

    Raises
    ------
    UsageError
        It does not.
    """
    if address.lower().startswith("memory:"):
        raise UsageError(f"the {what} {address} is in this process alone", hint="take s3://…, or a folder")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", address):
        return address
    if here:
        return str(Path(address).absolute())
    hint = f"an address: s3://bucket/folder, or {Path(address).absolute().as_uri()} if all of them share it"
    raise UsageError(f"the {what} '{address}' is a folder of this machine, and the workers are on others", hint=hint)


def assert_shared(output: Place, result: Result) -> None:
    """Make sure that what a worker wrote is where everybody sees it.

    Raises
    ------
    UsageError
        It is not.
    """
    if not output.is_local:
        return
    path, until_s = output.local_path(result.file), time.monotonic() + APPEAR_S
    while not path.is_file():
        if time.monotonic() > until_s:
            message = f"a worker wrote '{result.file}', and it is not in {output.told} here: that folder is not shared"
            raise UsageError(message, hint="take an output that all machines have, such as s3://bucket/folder")
        time.sleep(0.2)
