// Whom a verifier trusts in a log, and what would stand differently without the others, by the last
// part of docs/formats.md §6: a port of attest/bundle/trusted.py, with its rules by the same numbers.

import { OPEN, View, everyStatement } from "./standing.js";

/**
 * The views of a log that was judged to its end: `view` counts what is trusted, `claimed` everything;
 * `trustedKeys` is a set of numbers of keys; `notPinned` and `revoked` are the keys for want of which
 * the two views differ.
 */
export function trustedViews(judge, trust, witnesses) {
  // 2. Only something outside proves a time; `at` and `statedAt` prove none.
  const outlived = (leaf, key) => {
    const since = trust.revoked.get(key.keyid);
    const proved = witnesses.proved(leaf);
    return since === undefined || (proved !== undefined && proved < since);
  };
  const numbers = (isCounted) => new Set(
    [...judge.keys].filter(isCounted).map(({ number }) => number),
  );
  const pinned = numbers((key) => isTrusted(judge, key, trust, () => true));
  const lasting = numbers((key) => isTrusted(judge, key, trust, outlived));
  const pinnedOnly = (leaf, key) => pinned.has(key);
  const lasts = (leaf, key) => lasting.has(key) && outlived(leaf, judge.keys.numbered(key));

  const claimed = new View(judge.facts, undefined, everyStatement);
  const byPinned = new View(judge.facts, undefined, withAuthority(judge, pinnedOnly));
  const view = new View(judge.facts, undefined, withAuthority(judge, lasts));
  return {
    view,
    claimed,
    trustedKeys: lasting,
    notPinned: wanting(judge, claimed, byPinned, everyStatement, pinnedOnly),
    revoked: wanting(judge, byPinned, view, pinnedOnly, lasts),
  };
}

/** Is a file in another state, or in the same one by another attestation? */
export function standsDifferently(one, other) {
  if (one.state !== other.state) return true;
  if (one.state === OPEN) return false;
  return one.attestation.number !== other.attestation.number;
}

// 1. Pinned, or confirmed by a pinned signatory's key.
function isTrusted(judge, key, trust, outlived) {
  if (trust.pinned.has(key.keyid)) return true;
  return key.confirmations.some((confirmation) => {
    const signer = judge.keys.get(confirmation.signer);
    // The judge has seen to it that the signer is a controller's signatory.
    if (signer === undefined || confirmation.void || !trust.pinned.has(signer.keyid)) return false;
    return outlived(confirmation.leaf, signer);
  });
}

// 3. By trusted keys, and of an organisation that may sign this by what counts before it. Side and
// duty need no second look: no demand changes them.
function withAuthority(judge, byTrusted) {
  const { facts } = judge;
  const organisation = (key) => judge.keys.numbered(key).holder.organisation;
  const demands = [];
  for (const demand of facts.demands) {
    // The first that counts is by the lead that it names itself, as demand.issued is.
    const { lead } = demands.at(-1) ?? demand;
    if (byTrusted(demand.leaf, demand.key) && organisation(demand.key) === lead) demands.push(demand);
  }
  const counted = new Set(demands.map(({ leaf }) => leaf));
  const every = new Set(facts.demands.map(({ leaf }) => leaf));
  const closures = new Set(facts.closures.map(({ leaf }) => leaf));

  return (leaf, key) => {
    if (!byTrusted(leaf, key) || (every.has(leaf) && !counted.has(leaf))) return false;
    // Where no demand counts at all, nothing is verified whatever stands beside it.
    if (demands.length === 0 || counted.has(leaf)) return true;
    const standing = demands.findLast((demand) => demand.leaf < leaf);
    if (standing === undefined) return false;
    if (judge.keys.numbered(key).holder.side === "contractor") {
      return organisation(key) === standing.contractor;
    }
    const allowed = closures.has(leaf) ? [standing.lead] : standing.controllers;
    return allowed.includes(organisation(key));
  };
}

// 4. The keys of the statements that count in one view only, where that makes a difference.
function wanting(judge, more, less, inMore, inLess) {
  const numbers = new Set();
  const gather = (statements) => {
    for (const { leaf, key } of statements) {
      if (inMore(leaf, key) && !inLess(leaf, key)) numbers.add(key);
    }
  };
  const { facts } = judge;
  if (demandStandsDifferently(more, less)) {
    gather(facts.demands);
    gather(facts.closures);
  }
  for (let file = 0; file < facts.fileCount; file += 1) {
    if (standsDifferently(more.file(file), less.file(file))) {
      gather(facts.attestations(file));
      gather(facts.reviews(file));
      gather(facts.demands);
    }
  }
  return [...numbers].sort((one, other) => one - other)
    .map((number) => judge.keys.numbered(number));
}

function demandStandsDifferently(one, other) {
  // A closure is the same object in both views.
  return one.demand?.leaf !== other.demand?.leaf || one.closure !== other.closure;
}
