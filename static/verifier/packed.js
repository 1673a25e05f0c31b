// Rows, numbers, texts and keys that lie packed one after another: a port of attest/domain/packed.py.
// A log may hold millions of leaves, and a JavaScript object costs some hundred bytes each.

import { fromUtf8, sameBytes, utf8 } from "../encoding.js";

const FIRST_ROOM = 64;
const EMPTY = 0xffffffff; // a log has at most 4,000,000 leaves

/** Numbers of one kind (`Uint32Array`, `Float64Array`, …), as many as are added. */
export class Column {
  #numbers;
  #length = 0;

  constructor(Kind) {
    this.#numbers = new Kind(FIRST_ROOM);
  }

  get length() {
    return this.#length;
  }

  append(number) {
    this.#numbers = withRoom(this.#numbers, this.#length + 1);
    this.#numbers[this.#length] = number;
    this.#length += 1;
  }

  /** The number at `index`; a negative index counts from the end. Undefined where there is none. */
  at(index) {
    const place = index < 0 ? this.#length + index : index;
    return place >= 0 && place < this.#length ? this.#numbers[place] : undefined;
  }

  /** Put another number in the place of one that is there. */
  set(index, number) {
    if (!(index >= 0 && index < this.#length)) throw new RangeError("there is no such number");
    this.#numbers[index] = number;
  }

  /** How many of them are below `limit`. They must be ascending. */
  countBelow(limit) {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle] < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Rows of `width` bytes, numbered from 0 in the order they came. */
export class PackedRows {
  #width;
  #data;
  #length = 0;

  constructor(width) {
    this.#width = width;
    this.#data = new Uint8Array(FIRST_ROOM * width);
  }

  get length() {
    return this.#length;
  }

  /** The row with this number, not to be changed. Throws RangeError where there is none. */
  at(number) {
    if (!(number >= 0 && number < this.#length)) throw new RangeError("there is no such row");
    return this.#data.subarray(number * this.#width, (number + 1) * this.#width);
  }

  append(row) {
    if (row.length !== this.#width) throw new RangeError(`a row has ${this.#width} bytes here`);
    const start = this.#length * this.#width;
    this.#data = withRoom(this.#data, start + this.#width);
    this.#data.set(row, start);
    this.#length += 1;
  }
}

/** Strings, numbered from 0 in the order they came. */
export class PackedTexts {
  #data = new Uint8Array(FIRST_ROOM);
  #ends = new Column(Float64Array);

  /** The text with this number. */
  at(number) {
    const start = number > 0 ? this.#ends.at(number - 1) : 0;
    return fromUtf8(this.#data.subarray(start, this.#ends.at(number)));
  }

  append(text) {
    const bytes = utf8(text);
    const start = this.#ends.at(-1) ?? 0;
    this.#data = withRoom(this.#data, start + bytes.length);
    this.#data.set(bytes, start);
    this.#ends.append(start + bytes.length);
  }
}

/**
 * A set of keys of `width` bytes, numbered from 0 in the order they came: an open-addressed table of
 * numbers finds them. Where a key goes is drawn by lot afresh in every page (simple tabulation), so
 * that nobody can choose keys that collide.
 */
export class PackedKeys {
  #width;
  #keys;
  #lots;
  #table = new Uint32Array(FIRST_ROOM).fill(EMPTY);

  constructor(width) {
    this.#width = width;
    this.#keys = new PackedRows(width);
    this.#lots = crypto.getRandomValues(new Uint32Array(256 * width));
  }

  get length() {
    return this.#keys.length;
  }

  /** The key with this number. */
  at(number) {
    return this.#keys.at(number);
  }

  has(key) {
    return this.find(key) !== undefined;
  }

  /** The number of `key`, or undefined. */
  find(key) {
    const number = this.#table[this.#slot(key)];
    return number === EMPTY ? undefined : number;
  }

  /** Add a key that is not there yet, and give its number. */
  add(key) {
    const number = this.length;
    if ((number + 1) * 5 > this.#table.length * 4) this.#grow();
    const slot = this.#slot(key);
    if (this.#table[slot] !== EMPTY) throw new RangeError("the key is there already");
    this.#keys.append(key);
    this.#table[slot] = number;
    return number;
  }

  // Where `key` is in the table, or the empty slot where it would go.
  #slot(key) {
    const mask = this.#table.length - 1;
    let slot = this.#lot(key) & mask;
    while (this.#table[slot] !== EMPTY && !sameBytes(this.#keys.at(this.#table[slot]), key)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #lot(key) {
    let lot = 0;
    for (let index = 0; index < this.#width; index += 1) lot ^= this.#lots[256 * index + key[index]];
    return lot;
  }

  #grow() {
    this.#table = new Uint32Array(this.#table.length * 2).fill(EMPTY);
    for (let number = 0; number < this.length; number += 1) {
      this.#table[this.#slot(this.#keys.at(number))] = number;
    }
  }
}

// The same numbers with room for `length` of them, half as much again where they have to move.
function withRoom(numbers, length) {
  if (length <= numbers.length) return numbers;
  const larger = new numbers.constructor(Math.max(length, Math.ceil(numbers.length * 1.5)));
  larger.set(numbers);
  return larger;
}
