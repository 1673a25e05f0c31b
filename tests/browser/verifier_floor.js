// What the tests ask the floor of the browser's verifier. Every question takes one input and gives
// "good", or something to compare, or the reason for a refusal; bytes come and go in base64.

import { ed25519 } from "@noble/curves/ed25519.js";
import { encodeText } from "../../static/canonical.js";
import { FormatError, toHex, utf8 } from "../../static/encoding.js";
import { Archive } from "../../static/verifier/archive.js";
import { checkPlain } from "../../static/verifier/bodies.js";
import { decode } from "../../static/verifier/canonical.js";
import { openCheckpoint, parseCheckpoint } from "../../static/verifier/checkpoint.js";
import { parseEnvelope } from "../../static/verifier/envelope.js";
import { Failure } from "../../static/verifier/failure.js";
import { parseLeaf } from "../../static/verifier/leaf.js";
import { Frontier, leafHash } from "../../static/verifier/merkle.js";
import { checkStatement } from "../../static/verifier/predicates.js";
import { check } from "../../static/verifier/report.js";
import { formatTime, parseDate, parseTime } from "../../static/verifier/scalars.js";
import {
  isExactHere, isValidPublicKey, keyid, probe, unb64, verify,
} from "../../static/verifier/signing.js";
import { hasSpace, isBlank, problem } from "../../static/verifier/text.js";
import { parseTrust } from "../../static/verifier/trust.js";

const QUESTIONS = {
  canonical: (data) => {
    decode(unb64(data));
  },
  base64: (text) => toHex(unb64(text)),
  text: ([value, multiline]) => problem(value, { multiline }) ?? "good",
  blank: (value) => `${isBlank(value)} ${hasSpace(value)}`,
  time: (value) => `${parseTime(value)} ${formatTime(parseTime(value))}`,
  date: (value) => parseDate(value),
  leaf: (data) => JSON.stringify(parseLeaf(unb64(data))),
  checkpoint: (data) => {
    const { origin, size, root, signatures } = parseCheckpoint(unb64(data));
    return `${origin} ${size} ${toHex(root)} ${signatures.map(({ name }) => name).join()}`;
  },
  opened: async ([data, origin, key]) => {
    await openCheckpoint(unb64(data), origin, unb64(key));
  },
  envelope: (data) => {
    const { payload, signatures } = parseEnvelope(unb64(data));
    return `${toHex(payload)} ${signatures.map((one) => one.keyid + toHex(one.sig)).join()}`;
  },
  plain: ([type, data]) => checkPlain(type, decode(unb64(data))),
  statement: ([name, data]) => checkStatement(name, decode(unb64(data))),
  trust: (data) => {
    parseTrust(unb64(data));
  },
  roots: (leaves) => {
    const frontier = new Frontier();
    return [toHex(frontier.root), ...leaves.map((leaf) => {
      frontier.append(leafHash(unb64(leaf)));
      return toHex(frontier.root);
    })].join();
  },
  key: (data) => `${keyid(unb64(data))} ${isValidPublicKey(unb64(data))}`,
  signature: async ([key, message, signature]) => (
    `${await verify(...[key, message, signature].map(unb64))}`
  ),
  bundle: async ([data, trust]) => {
    const report = await check(new Blob([unb64(data)]), parseTrust(unb64(trust)));
    return encodeText({ head: report.head(), files: [...report.files()] });
  },
  headers: async (data) => `${(await Archive.open(unb64(data))).entries.size}`,
  // Every entry read to its end, the leaves by their lines.
  zip: async (data) => {
    const archive = await Archive.open(unb64(data));
    const read = [];
    for (const name of archive.entries.keys()) {
      let size = 0;
      for await (const chunk of archive.chunks(name)) size += chunk.length;
      read.push(`${name} ${size}`);
    }
    for await (const line of archive.lines("evidence/leaves.jsonl", 512)) read.push(line.length);
    return read.join();
  },
};

/** What the verifier says to each input. */
export async function answers(question, inputs) {
  const given = [];
  for (const input of inputs) given.push(await answer(QUESTIONS[question], input));
  return given;
}

async function answer(ask, input) {
  try {
    return await ask(input) ?? "good";
  } catch (error) {
    if (error instanceof Failure) return `step ${error.step}: ${error.reason}`;
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

/** Whether this browser's own check of signatures is used, and whether two others would be. */
export async function engines() {
  const noble = (options) => (key, message, signature) => (
    ed25519.verify(signature, message, key, options)
  );
  return [
    await isExactHere(),
    await probe(noble({ zip215: false })), // takes the equation with cofactor
    await probe(() => {
      throw new Error("no Ed25519 here");
    }),
  ];
}

/**
 * The mean and the middle time of checking one signature over a message of `size` bytes, in
 * microseconds. Where others keep the machine busy, some wait long, and the mean with them.
 */
export async function signatureTimes(count, size) {
  const seed = new Uint8Array(32).fill(1);
  const publicKey = ed25519.getPublicKey(seed);
  const signed = Array.from({ length: count }, (_, index) => {
    const message = utf8(`${index}`.padEnd(size));
    return [message, ed25519.sign(message, seed)];
  });
  await verify(publicKey, ...signed[0]);
  const took = [];
  for (const [message, signature] of signed) {
    const start = performance.now();
    if (!await verify(publicKey, message, signature)) throw new Error("a signature was refused");
    took.push((performance.now() - start) * 1000);
  }
  const mean = took.reduce((sum, one) => sum + one, 0) / count;
  return [mean, took.sort((one, other) => one - other)[Math.floor(count / 2)]];
}

