// Verify a bundle: the thirteen steps of docs/formats.md §6, in their order. A port of
// attest/bundle/verifier.py.
//
// The bundle is read three times, first for its checksums, then its leaves alone, then leaves and
// bodies together, and never kept: about 200 bytes of memory a leaf, names aside. No clock is used.

import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, sameBytes, toHex } from "../encoding.js";
import { Archive } from "./archive.js";
import { openCheckpoint } from "./checkpoint.js";
import { isExtract } from "./extract-layout.js";
import { verifyExtract } from "./extract-verifier.js";
import { Failure, soonAtStep } from "./failure.js";
import { Judge } from "./judge.js";
import {
  ATTACHMENTS, BODIES, CERTIFICATE, CHECKPOINT, LEAVES, MAX_BODY, MAX_LEAF, MAX_LEAVES, README,
  earlierSize, timestampSize,
} from "./layout.js";
import { EMPTY_ROOT, Frontier, HASH_BYTES, leafHash } from "./merkle.js";
import { PackedRows } from "./packed.js";
import { tokenChecker } from "./timestamps.js";
import { trustedViews } from "./trusted.js";
import { Witnesses } from "./witnesses.js";
import { unlessWithheld } from "./withheld.js";

/**
 * Take a bundle (a Blob) through all steps, or an extract through those that it allows. Gives
 * `{checkpoint, judge, witnesses, trusted, timestamps, attachments, certificate, stamped}`, and `extract`
 * where it is one. Throws Failure where a step refuses. `progress({step, done, total})` is called often;
 * what it gives is waited for.
 */
export async function verify(file, trust, { progress = () => undefined } = {}) {
  if (await isExtract(file)) return verifyExtract(file, trust, progress);
  return new Verification(file, trust, progress).run();
}

// One run. Each method is a step, or a few.
class Verification {
  #file;
  #trust;
  #progress;
  #checkToken;
  #stamped = []; // each `[size, timestamp]`

  constructor(file, trust, progress) {
    this.#file = file;
    this.#trust = trust;
    this.#progress = progress;
    this.#checkToken = tokenChecker(trust);
  }

  async run() {
    // 1. The zip. What is read in pieces between other steps, and what no step reads, must unpack:
    //    whatever is wrong with that is found here, however large the pieces are.
    const archive = await Archive.open(this.#file);
    for (const name of [LEAVES, BODIES, CERTIFICATE, README]) {
      if (archive.entries.has(name)) await this.#drain(archive, name, 1);
    }
    // 2. The newest checkpoint.
    const checkpoint = await soonAtStep(2, null, async () => this.#open(await archive.read(CHECKPOINT)));
    // 3. The leaves alone, with the root of every prefix.
    const roots = await this.#roots(archive, checkpoint);
    // 4. Older checkpoints.
    const received = await this.#older(archive, checkpoint, roots);
    // 5. to 12. Leaves and bodies. The judge keeps roots of its own.
    const judge = await this.#judge(archive, checkpoint);
    // 13. What lies beside the log.
    const { timestamps, attachments } = await this.#beside(archive, judge);
    const witnesses = new Witnesses(
      received, this.#stamped.map(([size, { proved, tsa }]) => [size, proved, tsa]),
    );
    return {
      checkpoint,
      judge,
      witnesses,
      trusted: trustedViews(judge, this.#trust, witnesses),
      timestamps,
      attachments,
      certificate: archive.entries.has(CERTIFICATE),
      stamped: this.#stamped,
    };
  }

  #open(note) {
    return openCheckpoint(note, this.#trust.origin, this.#trust.logKey);
  }

  // 3. Size and root, and all prefix roots on the way.
  async #roots(archive, { size, root }) {
    const frontier = new Frontier();
    const roots = new PackedRows(HASH_BYTES);
    for await (const leaf of archive.lines(LEAVES, MAX_LEAF)) {
      if (frontier.size === Math.min(size, MAX_LEAVES)) {
        throw new Failure(3, frontier.size, "there are more leaves than the checkpoint says");
      }
      frontier.append(leafHash(leaf));
      roots.append(frontier.root);
      await this.#progress({ step: 3, done: frontier.size, total: size });
    }
    if (frontier.size !== size) {
      throw new Failure(3, null, `there are ${frontier.size} leaves, and should be ${size}`);
    }
    if (!sameBytes(frontier.root, root)) {
      throw new Failure(3, null, "the leaves do not hash to the checkpoint's root");
    }
    return roots;
  }

  // 4. Every older checkpoint is a prefix.
  async #older(archive, newest, roots) {
    const received = [];
    for (const { note, receivedAt } of this.#trust.seen) {
      received.push([await this.#prefix(note, newest, roots, "trust.seen"), receivedAt]);
    }
    for (const name of archive.entries.keys()) {
      const size = earlierSize(name);
      if (size === undefined) continue;
      if (await this.#prefix(await archive.read(name), newest, roots, name) !== size) {
        throw new Failure(4, null, `${name} holds a checkpoint of another size`);
      }
    }
    return received;
  }

  async #prefix(note, newest, roots, name) {
    const { size, root } = await soonAtStep(4, null, () => this.#open(note));
    if (size > newest.size) {
      throw new Failure(
        4, null, `${name}: a checkpoint over ${size} leaves exists, so some are missing`,
      );
    }
    if (!sameBytes(root, size === 0 ? EMPTY_ROOT : roots.at(size - 1))) {
      throw new Failure(4, null, `${name}: a checkpoint shows another past, of ${size} leaves`);
    }
    return size;
  }

  // 5. to 12. One leaf after the other, with its body.
  async #judge(archive, { size, root }) {
    const { origin, demandId, mayWithhold, pinned } = this.#trust;
    const judge = new Judge(origin, demandId, { mayWithhold, pinned });
    const leaves = archive.lines(LEAVES, MAX_LEAF);
    const bodies = archive.lines(BODIES, MAX_BODY);
    for (;;) {
      const { value: leaf } = await leaves.next();
      const { value: body } = await bodies.next();
      if (leaf === undefined && body === undefined) break;
      if (leaf === undefined) throw new Failure(5, null, "there are more bodies than leaves");
      if (body === undefined) throw new Failure(5, judge.size, "the body is missing");
      await judge.admit(leaf, unlessWithheld(body, leaf, judge.size));
      await this.#progress({ step: 5, done: judge.size, total: size });
    }
    // The second reading must have shown the leaves of the first.
    if (judge.size !== size || !sameBytes(judge.root, root)) {
      throw new Failure(3, null, "the file changed while it was being read");
    }
    return judge;
  }

  // 13. Timestamps, counted and not checked where the trust file has no roots, and attachments.
  async #beside(archive, judge) {
    let timestamps = 0;
    let attachments = 0;
    for (const name of archive.entries.keys()) {
      const size = timestampSize(name);
      if (size !== undefined) {
        if (size > judge.size) {
          throw new Failure(13, null, `${name} is over more leaves than there are`);
        }
        if (this.#checkToken === undefined) {
          await this.#drain(archive, name, 13);
          timestamps += 1;
        } else {
          const root = judge.state.prefixes.rootAt(size);
          this.#stamped.push([size, await this.#checkToken(archive, name, size, root)]);
        }
      } else if (name.startsWith(ATTACHMENTS)) {
        await this.#attachment(archive, name, judge);
        attachments += 1;
      }
    }
    return { timestamps, attachments };
  }

  async #attachment(archive, name, judge) {
    const wanted = name.slice(ATTACHMENTS.length);
    if (!judge.state.evidence.has(fromHex(wanted))) {
      throw new Failure(13, null, `${name} is not named by any evidence.added`);
    }
    const digest = sha256.create();
    for await (const chunk of this.#chunks(archive, name, 13)) digest.update(chunk);
    if (toHex(digest.digest()) !== wanted) {
      throw new Failure(13, null, `${name} does not hash to its name`);
    }
  }

  async #drain(archive, name, step) {
    const chunks = this.#chunks(archive, name, step);
    while (!(await chunks.next()).done);
  }

  async* #chunks(archive, name, step) {
    const total = archive.entries.get(name).size;
    let done = 0;
    for await (const chunk of archive.chunks(name)) {
      yield chunk;
      done += chunk.length;
      await this.#progress({ step, done, total });
    }
  }
}
