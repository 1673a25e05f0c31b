// Files that are dropped on the page go to the fields that they are for, by the ends of their names.

const KINDS = [
  [/\.zip$/i, "bundle"],
  [/\.json$/i, "trust"],
  [/\.(?:pem|crt|cer)$/i, "roots"],
];

// Of a kind of which there is one, none is taken where several are dropped: nobody could see which.
const ONE = {
  bundle: "zip files were dropped. Only one bundle can be verified at a time: drop that one.",
  trust: "JSON files were dropped. A bundle is verified with one trust file: drop yours.",
};

/**
 * Put dropped files into `inputs` (bundle, trust, roots). `told` is a live region; `complain` gets
 * a sentence about what was not taken, or an empty one.
 */
export function acceptDrops(zone, inputs, told, complain) {
  for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    // Leaving the window, not one element for another.
    if (event.relatedTarget === null) zone.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    if (!hasFiles(event)) return;
    // The browser would open the file instead of the page.
    event.preventDefault();
    const { said, refused } = put([...event.dataTransfer.files], inputs);
    told.textContent = said;
    complain(refused);
  });
}

function hasFiles({ dataTransfer }) {
  return dataTransfer !== null && dataTransfer.types.includes("Files");
}

function put(files, inputs) {
  const said = [];
  const refused = [];
  for (const [name, kind] of KINDS) {
    const mine = files.filter((file) => name.test(file.name));
    if (mine.length === 0) continue;
    const carrier = new DataTransfer();
    if (mine.length > 1 && !inputs[kind].multiple) {
      refused.push(`${mine.length} ${ONE[kind]}`);
      // What lay there before is not what somebody has just dropped.
      inputs[kind].files = carrier.files;
      continue;
    }
    for (const file of mine) carrier.items.add(file);
    inputs[kind].files = carrier.files;
    inputs[kind].closest("details")?.setAttribute("open", "");
    said.push(...[...carrier.files].map((file) => file.name));
  }
  if (said.length > 0) return { said: `Chosen: ${said.join(", ")}.`, refused: refused.join(" ") };
  if (refused.length > 0) return { said: "", refused: refused.join(" ") };
  return { said: "", refused: "None of these is a zip, a JSON or a PEM file." };
}
