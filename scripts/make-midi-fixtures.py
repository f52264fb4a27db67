"""Writes Tests/AttentionMusicTests/Fixtures: python3 scripts/make-midi-fixtures.py

Needs mido and pretty_midi (made with mido 1.3.3 and pretty_midi 0.2.11; seed 16). Files are written by one of the two, or byte by byte where
neither writes such a thing; expected.json says of each what mido reads, event by event, and which notes pretty_midi hears, in seconds.
"""

import io
import json
import pathlib
import random
import struct
import warnings

import mido
import pretty_midi

folder = pathlib.Path(__file__).resolve().parent.parent / "Tests/AttentionMusicTests/Fixtures"
(folder / "midi").mkdir(parents=True, exist_ok=True)
(folder / "bad").mkdir(exist_ok=True)
draw = random.Random(16)


def note(track, time, pitch, length, channel=0, velocity=80):
    track.append(mido.Message("note_on", note=pitch, velocity=velocity, channel=channel, time=time))
    track.append(mido.Message("note_off", note=pitch, velocity=64, channel=channel, time=length))


def by_mido():
    file = mido.MidiFile(type=0, ticks_per_beat=96)
    track = mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.MetaMessage("track_name", name="scale"))
    track.append(mido.Message("program_change", program=19))
    for pitch in (60, 62, 64, 65, 67, 69, 71, 72):
        note(track, 0, pitch, 96)
    yield "type0", file

    file = mido.MidiFile(type=1, ticks_per_beat=480)
    tempi = mido.MidiTrack()
    file.tracks.append(tempi)
    for time, bpm in ((0, 60), (480, 90), (960, 240), (0, 30), (480, 123.4)):
        tempi.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm), time=time))
    tempi.append(mido.MetaMessage("time_signature", numerator=3, denominator=4, time=5))
    tempi.append(mido.MetaMessage("key_signature", key="Eb"))
    for voice, pitches in enumerate(((72, 71, 72, 74), (67, 67, 67, 67), (64, 62, 60, 59), (48, 43, 45, 55))):
        track = mido.MidiTrack()
        file.tracks.append(track)
        track.append(mido.MetaMessage("track_name", name=("soprano", "alto", "tenor", "bass")[voice]))
        for pitch in pitches:
            note(track, 0, pitch, 720, channel=voice, velocity=60 + voice)
    yield "tempi", file

    file = mido.MidiFile(type=1, ticks_per_beat=220)
    track = mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.Message("sysex", data=list(range(10)), time=3))
    track.append(mido.Message("pitchwheel", pitch=-8192, channel=3))
    track.append(mido.Message("pitchwheel", pitch=8191, channel=3, time=1))
    track.append(mido.Message("control_change", control=64, value=127, channel=3, time=130))
    track.append(mido.Message("aftertouch", value=5, channel=15, time=20000))
    track.append(mido.Message("polytouch", note=60, value=9, channel=2, time=2100000))
    track.append(mido.MetaMessage("lyrics", text="Wach auf"))
    track.append(mido.MetaMessage("sequence_number", number=7))
    track.append(mido.MetaMessage("sequencer_specific", data=(0, 1, 2)))
    note(track, 10, 0, 1, velocity=1)
    note(track, 10, 127, 1, velocity=127)
    yield "messages", file

    file = mido.MidiFile(type=2, ticks_per_beat=100)
    for _ in range(2):
        track = mido.MidiTrack()
        file.tracks.append(track)
        note(track, 0, 60, 100)
    yield "type2", file

    file = mido.MidiFile(type=1, ticks_per_beat=24)
    for channel in range(16):
        track = mido.MidiTrack()
        file.tracks.append(track)
        for _ in range(6):
            note(track, draw.randrange(0, 60), draw.randrange(128), draw.randrange(1, 60), channel, draw.randrange(1, 128))
    yield "random", file


def by_pretty_midi():
    music = pretty_midi.PrettyMIDI(initial_tempo=100)
    for program in (0, 40):
        player = pretty_midi.Instrument(program=program, name=f"player {program}")
        time = 0.0
        for _ in range(12):
            length = draw.choice((0.15, 0.3, 0.6))
            pitch = draw.randrange(48, 80)
            player.notes.append(pretty_midi.Note(draw.randrange(1, 128), pitch, time, time + length))
            time += length
        music.instruments.append(player)
    yield "pretty", music
    music = pretty_midi.PrettyMIDI()
    drums = pretty_midi.Instrument(program=0, is_drum=True)
    drums.notes.append(pretty_midi.Note(100, 38, 0.5, 0.75))
    music.instruments.append(drums)
    yield "drums", music


def chunk(name, body):
    return name + struct.pack(">I", len(body)) + body


def header(kind, tracks, division=96):
    return chunk(b"MThd", struct.pack(">HHH", kind, tracks, division))


END = bytes([0, 0xFF, 0x2F, 0])
# Running status, note-ons of velocity 0 as ends, a meta event in the middle that does not end the status.
RUNNING = bytes([0, 0x90, 60, 80, 96, 60, 0, 0, 64, 80, 0, 0xFF, 1, 2, 104, 105, 96, 64, 0, 0, 67, 80, 0x81, 0x40, 67, 0])
BYTES = {
    "running": header(0, 1) + chunk(b"MTrk", RUNNING + END),
    "unknown-chunk": header(1, 1) + chunk(b"XFIH", b"hello") + chunk(b"MTrk", RUNNING + END),
    "long-header": chunk(b"MThd", struct.pack(">HHHI", 0, 1, 96, 0)) + chunk(b"MTrk", RUNNING + END),
    "hanging": header(0, 1) + chunk(b"MTrk", bytes([0, 0x90, 60, 80, 0, 64, 80, 48, 64, 0, 48, 0xFF, 0x2F, 0])),
    "empty-track": header(0, 1) + chunk(b"MTrk", END),
    "smpte": header(0, 1, 0xE728) + chunk(b"MTrk", RUNNING + END),
}
BAD = {
    "no-tracks": header(1, 0),
    "format3": header(3, 1) + chunk(b"MTrk", END),
    "two-in-format0": header(0, 2) + chunk(b"MTrk", END) * 2,
    "missing-track": header(1, 2) + chunk(b"MTrk", END),
    "cut-track": (header(0, 1) + chunk(b"MTrk", RUNNING + END))[:-9],
    "no-status": header(0, 1) + chunk(b"MTrk", bytes([0, 60, 80]) + END),
    "no-division": header(0, 1, 0) + chunk(b"MTrk", END),
    "data-above-127": header(0, 1) + chunk(b"MTrk", bytes([0, 0x90, 60, 200]) + END),
    "long-number": header(0, 1) + chunk(b"MTrk", bytes([0x81, 0x81, 0x81, 0x81, 0x01, 0x90, 60, 80]) + END),
    "realtime": header(0, 1) + chunk(b"MTrk", bytes([0, 0xF8]) + END),
    "text": b"This is no music.",
    "empty": b"",
}


def words(message):
    """The event as the test writes it."""
    m = message
    if m.is_meta:
        raw = m.bytes()
        start = 3 + next(i for i, byte in enumerate(raw[2:]) if byte < 128)
        return f"meta {raw[1]} {' '.join(map(str, raw[start:]))}".strip()
    return {
        "note_on": lambda: f"on {m.channel} {m.note} {m.velocity}",
        "note_off": lambda: f"off {m.channel} {m.note} {m.velocity}",
        "polytouch": lambda: f"key {m.channel} {m.note} {m.value}",
        "control_change": lambda: f"control {m.channel} {m.control} {m.value}",
        "program_change": lambda: f"program {m.channel} {m.program}",
        "aftertouch": lambda: f"pressure {m.channel} {m.value}",
        "pitchwheel": lambda: f"bend {m.channel} {m.pitch + 8192}",
        "sysex": lambda: f"exclusive {' '.join(map(str, m.data))} 247",
    }[m.type]()


def said(path, hears):
    file = mido.MidiFile(path)
    tracks = []
    for track in file.tracks:
        tick, events = 0, []
        for message in track:
            tick += message.time
            if message.type != "end_of_track":
                events.append(f"{tick} {words(message)}")
        tracks.append({"events": events, "end": tick})
    expected = {"format": file.type, "division": file.ticks_per_beat, "tracks": tracks}
    if hears:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            music = pretty_midi.PrettyMIDI(str(path))
        expected["notes"] = sorted(
            [n.pitch, round(n.start, 9), round(n.end, 9), n.velocity] for i in music.instruments for n in i.notes
        )
    return expected


expected = {}
for name, file in by_mido():
    file.save(folder / f"midi/{name}.mid")
for name, file in by_pretty_midi():
    file.write(str(folder / f"midi/{name}.mid"))
for name, data in BYTES.items():
    (folder / f"midi/{name}.mid").write_bytes(data)
for name, data in BAD.items():
    (folder / f"bad/{name}.mid").write_bytes(data)
for path in sorted((folder / "midi").glob("*.mid")):
    if path.stem in ("unknown-chunk", "long-header"):  # mido reads neither; they hold what running.mid does
        continue
    # pretty_midi passes over what is never ended, takes all tracks for one piece, and reads no SMPTE.
    expected[path.stem] = said(path, path.stem not in ("hanging", "type2", "smpte"))
(folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
