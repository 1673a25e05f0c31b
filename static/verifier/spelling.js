// Is a zip spelt as Attest spells an extract (docs/formats.md §9)? What attest/bundle/zip_writer.py would
// write of the same entries, all stored, compared with what there is.

import { concatenate, sameBytes, utf8 } from "../encoding.js";
import { Failure } from "./failure.js";
import {
  ATTRIBUTES, CENTRAL, CENTRAL_MAGIC, END, END64, END64_MAGIC, END64_REST, END_MAGIC, LOCAL,
  LOCAL_MAGIC, LOCATOR64, LOCATOR64_MAGIC, MADE_BY, MAX16, MAX32, NO_DATE, NO_TIME, VERSION_64,
  VERSION_PLAIN, ZIP64_EXTRA,
} from "./records.js";

/** Throws Failure of step 1 for every other spelling. `archive` was read from `file`, a Blob. */
export async function expectOurSpelling(archive, file) {
  let at = 0;
  const expect = async (bytes) => {
    const there = new Uint8Array(await file.slice(at, at + bytes.length).arrayBuffer());
    if (!sameBytes(there, bytes)) {
      throw new Failure(1, null, "the zip is not spelt as an extract's is");
    }
    at += bytes.length;
  };
  const headers = [];
  for (const entry of archive.entries.values()) {
    // Its bytes are there, since they are stored; reading them holds them against their checksum.
    await archive.read(entry.name);
    headers.push(centralHeader(entry, at));
    await expect(localHeader(entry));
    at += entry.packed;
  }
  const start = at;
  for (const header of headers) await expect(header);
  await expect(endRecords(headers.length, start, at - start, at));
}

// No entry of an extract is as large as 4 GiB, so that only its place may need a ZIP64 field.
function localHeader({ name, crc, packed, size }) {
  return concatenate(LOCAL.pack({
    magic: LOCAL_MAGIC,
    version: VERSION_PLAIN,
    time: NO_TIME,
    date: NO_DATE,
    crc,
    packed,
    size,
    nameLength: name.length,
  }), utf8(name));
}

function centralHeader({ name, crc, packed, size }, offset) {
  const extra = offset >= MAX32 ? farOffset(offset) : new Uint8Array(0);
  return concatenate(CENTRAL.pack({
    magic: CENTRAL_MAGIC,
    madeBy: MADE_BY | VERSION_PLAIN,
    version: VERSION_PLAIN,
    time: NO_TIME,
    date: NO_DATE,
    crc,
    packed,
    size,
    nameLength: name.length,
    extraLength: extra.length,
    attributes: ATTRIBUTES,
    offset: Math.min(offset, MAX32),
  }), utf8(name), extra);
}

function farOffset(offset) {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint16(0, ZIP64_EXTRA, true);
  view.setUint16(2, 8, true);
  view.setBigUint64(4, BigInt(offset), true);
  return new Uint8Array(view.buffer);
}

function endRecords(count, start, length, at) {
  const few = Math.min(count, MAX16);
  const end = END.pack({
    magic: END_MAGIC,
    countHere: few,
    count: few,
    length: Math.min(length, MAX32),
    start: Math.min(start, MAX32),
  });
  if (count < MAX16 && start < MAX32 && length < MAX32) return end;
  return concatenate(END64.pack({
    magic: END64_MAGIC,
    rest: END64_REST,
    madeBy: MADE_BY | VERSION_64,
    version: VERSION_64,
    countHere: count,
    count,
    length,
    start,
  }), LOCATOR64.pack({ magic: LOCATOR64_MAGIC, pointsTo: at, disks: 1 }), end);
}
