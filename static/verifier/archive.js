// Read a bundle's zip strictly (step 1 of docs/formats.md §6): a port of attest/bundle/archive.py, with
// its checks in their order, by their numbers. The file is read in slices, and never as a whole.

import { concatenate } from "../encoding.js";
import { crc32 } from "./crc32.js";
import { Failure } from "./failure.js";
import { BUNDLE } from "./layout.js";
import {
  CENTRAL, CENTRAL_MAGIC, DEFLATED, END, END64, END64_MAGIC, END64_REST, END_MAGIC, LOCAL,
  LOCAL_MAGIC, LOCATOR64, LOCATOR64_MAGIC, MAX16, MAX32, STORED, ZIP64_EXTRA, numbers,
} from "./records.js";

const STEP = 1;
const MAX_DIRECTORY = 64 * 1024 * 1024;
const MAX_NAME = 100;
// Two bits for how hard the packer tried, and one for UTF-8 names; ours are ASCII anyway.
const HARMLESS_FLAGS = 0x0002 | 0x0004 | 0x0800;
const MAX_RATIO = 200;
const FREE_BYTES = 1024 * 1024;
const REGULAR_FILE = 0o100000;
// What DOS calls a volume label or a folder: some programs unpack such an entry as no file.
const DOS_NO_FILE = 0x08 | 0x10;

const WINDOW = 64 * 1024;
const LINE_FEED = 0x0a;
const NOTHING = new Uint8Array(0);

/** A zip's entries by name, in order. Throws Failure of step 1 for everything odd. */
export class Archive {
  /** Each `{name, method, crc, packed, size, data}`; `data` is where its bytes start in the file. */
  entries = new Map();
  #file;
  #layout;
  #window = { at: 0, bytes: NOTHING };

  constructor(file, layout) {
    this.#file = file;
    this.#layout = layout;
  }

  /** Read the headers of a Blob, or of bytes. */
  static async open(file, layout = BUNDLE) {
    const archive = new Archive(file instanceof Uint8Array ? new Blob([file]) : file, layout);
    await archive.#open();
    return archive;
  }

  async #open() {
    const { start, length, count, records } = await this.#end();
    if (length > MAX_DIRECTORY) throw refuse("the central directory is too long");
    // 2. The central directory ends where the end records begin.
    if (start + length !== records) {
      throw refuse("something stands between the central directory and the end");
    }
    await this.#directory(start, await this.#read(start, length), count);
    for (const name of this.#layout.must) {
      if (!this.entries.has(name)) throw refuse(`${name} is missing`);
    }
  }

  // --- Reading --------------------------------------------------------------------------------

  /** An entry's bytes in pieces. Throws Failure when they are not as promised (4). */
  async* chunks(name) {
    const entry = this.entries.get(name);
    const reader = this.#unpacked(entry).getReader();
    let crc = 0;
    let size = 0;
    try {
      for (;;) {
        const { done, value } = await next(reader, name);
        if (done) break;
        crc = crc32(value, crc);
        size += value.length;
        if (size > entry.size) throw wrongSize(name);
        yield value;
      }
    } finally {
      // Whoever stops early wants no more of it; and what went wrong was said already.
      await reader.cancel().catch(() => undefined);
    }
    if (size !== entry.size) throw wrongSize(name);
    if (crc !== entry.crc) throw refuse(`${name} does not have the checksum that it says`);
  }

  /** All of a small entry. */
  async read(name) {
    const chunks = [];
    for await (const chunk of this.chunks(name)) chunks.push(chunk);
    return concatenate(...chunks);
  }

  /** An entry's lines without their ends; none may be longer than `longest` bytes. */
  async* lines(name, longest) {
    const tooLong = () => refuse(`${name} has a line of more than ${longest} bytes`);
    let rest = NOTHING;
    for await (const chunk of this.chunks(name)) {
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(LINE_FEED, start);
        if (end === -1) break;
        const line = joined(rest, chunk.subarray(start, end));
        if (line.length > longest) throw tooLong();
        yield line;
        rest = NOTHING;
        start = end + 1;
      }
      rest = joined(rest, chunk.subarray(start));
      if (rest.length > longest) throw tooLong();
    }
    if (rest.length > 0) throw refuse(`${name} does not end with a line feed`);
  }

  #unpacked({ method, data, packed }) {
    const stream = this.#file.slice(data, data + packed).stream();
    if (method !== DEFLATED) return stream;
    return stream.pipeThrough(new DecompressionStream("deflate-raw"));
  }

  async #read(at, length) {
    if (at + length > this.#file.size) throw refuse("the file breaks off");
    if (length > WINDOW) return bytesOf(this.#file.slice(at, at + length));
    // Headers and small entries lie side by side, and asking for each would take its time.
    const start = at - this.#window.at;
    if (start >= 0 && start + length <= this.#window.bytes.length) {
      return this.#window.bytes.subarray(start, start + length);
    }
    this.#window = { at, bytes: await bytesOf(this.#file.slice(at, at + WINDOW)) };
    return this.#window.bytes.subarray(0, length);
  }

  // --- 1. The end records -----------------------------------------------------------------------

  // The central directory's start, length and count, and where the end records begin.
  async #end() {
    const { size } = this.#file;
    if (size < END.size) throw refuse("the file is no zip");
    const records = size - END.size;
    const end = END.unpack(await this.#read(records, END.size));
    if (end.magic !== END_MAGIC || end.comment !== 0) {
      throw refuse("the file does not end as a zip without a comment does");
    }
    if (end.disk !== 0 || end.startDisk !== 0 || end.countHere !== end.count) {
      throw refuse("the zip is spread over several disks");
    }
    if (end.count === MAX16 || end.length === MAX32 || end.start === MAX32) {
      return this.#end64(records, end);
    }
    return { start: end.start, length: end.length, count: end.count, records };
  }

  async #end64(at, end) {
    const there = at - LOCATOR64.size - END64.size;
    if (there < 0) throw refuse("the ZIP64 end records are missing");
    const locator = LOCATOR64.unpack(await this.#read(at - LOCATOR64.size, LOCATOR64.size));
    const record = END64.unpack(await this.#read(there, END64.size));
    if (locator.magic !== LOCATOR64_MAGIC || locator.disks !== 1 || locator.pointsTo !== there) {
      throw refuse("the ZIP64 locator does not point at its record");
    }
    if (record.magic !== END64_MAGIC || record.rest !== END64_REST
      || record.disk !== 0 || record.startDisk !== 0) {
      throw refuse("the ZIP64 end record is odd");
    }
    if (record.countHere !== record.count) throw refuse("the zip is spread over several disks");
    for (const [small, large, most] of [
      [end.count, record.count, MAX16],
      [end.length, record.length, MAX32],
      [end.start, record.start, MAX32],
    ]) {
      if (small !== Math.min(large, most)) throw refuse("the two end records do not agree");
    }
    return { start: record.start, length: record.length, count: record.count, records: there };
  }

  // --- 2. and 3. The headers --------------------------------------------------------------------

  async #directory(start, directory, count) {
    let at = 0;
    let expected = 0; // where the next local header has to be
    let last;
    for (let entries = 0; entries < count; entries += 1) {
      if (at + CENTRAL.size > directory.length) throw refuse("the central directory is odd");
      const central = CENTRAL.unpack(directory.subarray(at));
      if (central.magic !== CENTRAL_MAGIC) throw refuse("the central directory is odd");
      at += CENTRAL.size;
      const extraAt = at + central.nameLength;
      const rawName = directory.subarray(at, extraAt);
      at = extraAt + central.extraLength;
      if (central.commentLength !== 0 || at > directory.length) {
        throw refuse("the central directory is odd");
      }
      const name = this.#name(rawName);
      const here = this.#layout.place(name);
      if (here === undefined) {
        throw refuse(`${quoted(name)} is no name that ${this.#layout.one} has`);
      }
      if (last !== undefined && !isBehind(here, last)) {
        throw refuse(`${name} stands twice, or out of order`);
      }
      last = here;
      const entry = await this.#entry(name, central, directory.subarray(extraAt, at), expected);
      this.entries.set(name, entry);
      expected = entry.data + entry.packed;
    }
    if (at !== directory.length) {
      throw refuse("the central directory holds more than its entries");
    }
    if (expected !== start) {
      throw refuse("something stands between the entries and the central directory");
    }
  }

  async #entry(name, central, extra, expected) {
    const { flags, method, crc } = central;
    if ((flags & ~HARMLESS_FLAGS) !== 0) {
      throw refuse(`${name} is encrypted, or its sizes come after its data`);
    }
    if (method !== STORED && method !== DEFLATED) {
      throw refuse(`${name} is neither stored nor deflated`);
    }
    const { attributes } = central;
    const kind = (attributes >>> 16) & 0o170000;
    if (central.disk !== 0 || (kind !== 0 && kind !== REGULAR_FILE)
      || (attributes & DOS_NO_FILE) !== 0) {
      throw refuse(`${name} is no regular file`);
    }
    const { size, packed, offset } = large(name, extra, central);
    if (offset !== expected) {
      throw refuse(`something stands before ${name}, or its header is elsewhere`);
    }
    if (size > this.#layout.mostBytes(name)) {
      throw refuse(`${name} is larger than ${this.#layout.one} allows`);
    }
    if (size > packed * MAX_RATIO + FREE_BYTES || (method === STORED && size !== packed)) {
      throw refuse(`${name} promises more than its packed bytes can hold`);
    }
    const data = await this.#sameLocalHeader(name, central, { size, packed, offset });
    return { name, method, crc, packed, size, data };
  }

  // Where the data starts, after a local header that says what the central one says.
  async #sameLocalHeader(name, central, { size, packed, offset }) {
    const local = LOCAL.unpack(await this.#read(offset, LOCAL.size));
    const rest = await this.#read(offset + LOCAL.size, name.length + local.extraLength);
    const extra = rest.subarray(name.length);
    const sizes = large(name, extra, { size: local.size, packed: local.packed, offset: 0 });
    const alike = ["version", "flags", "method", "time", "date", "crc"];
    const same = local.magic === LOCAL_MAGIC
      && alike.every((member) => local[member] === central[member])
      && local.nameLength === name.length
      && ascii(rest.subarray(0, name.length)) === name
      && sizes.size === size && sizes.packed === packed;
    if (!same) throw refuse(`the local header of ${name} differs from the central one`);
    return offset + LOCAL.size + rest.length;
  }

  #name(raw) {
    if (raw.length > MAX_NAME || raw.some((byte) => byte > 0x7f)) {
      throw refuse(`an entry has a name that no ${this.#layout.what} has`);
    }
    return ascii(raw);
  }
}

// The true size, packed size and offset, read from a ZIP64 field where they need one.
function large(name, extra, { size, packed, offset }) {
  const small = [size, packed, offset];
  const needed = small.filter((value) => value === MAX32).length;
  if (needed === 0) {
    if (extra.length > 0) throw refuse(`${name} has an extra field`);
    return { size, packed, offset };
  }
  const [kind, length] = extra.length < 4 ? [] : numbers(extra.subarray(0, 4), 2);
  if (extra.length !== 4 + 8 * needed || kind !== ZIP64_EXTRA || length !== 8 * needed) {
    throw refuse(`${name} has an extra field other than the ZIP64 one that it needs`);
  }
  const values = numbers(extra.subarray(4), 8);
  const [wide, widePacked, wideOffset] = small.map((value) => (
    value === MAX32 ? values.shift() : value
  ));
  return { size: wide, packed: widePacked, offset: wideOffset };
}

function isBehind(one, other) {
  const differs = one.findIndex((part, index) => part !== other[index]);
  return differs !== -1 && one[differs] > other[differs];
}

async function next(reader, name) {
  try {
    return await reader.read();
  } catch (error) {
    // What a file says that cannot be read is a DOMException.
    throw error instanceof TypeError ? wrongSize(name) : error;
  }
}

async function bytesOf(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

function joined(rest, more) {
  return rest.length === 0 ? more : concatenate(rest, more);
}

function ascii(bytes) {
  return String.fromCharCode(...bytes);
}

// As Python's repr() writes an ASCII string: what is hidden in a name shows.
function quoted(name) {
  const mark = name.includes("'") && !name.includes('"') ? '"' : "'";
  const escaped = name.replace(/[\\'\x00-\x1f\x7f]/g, (character) => {
    if (character === "'") return mark === "'" ? "\\'" : "'";
    const short = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" }[character];
    return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `${mark}${escaped}${mark}`;
}

// Too much, too little, bytes behind the deflated data, or no deflated data at all.
function wrongSize(name) {
  return refuse(`${name} does not unpack to the size that it says`);
}

function refuse(reason) {
  return new Failure(STEP, null, reason);
}
