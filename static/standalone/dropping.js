// Files that are dropped on the page go to the fields that they are for, by the ends of their names.

const KINDS = [
  [/\.zip$/i, "bundle"],
  [/\.json$/i, "trust"],
  [/\.(?:pem|crt|cer)$/i, "roots"],
];

/** Put dropped files into `inputs` (bundle, trust, roots); `told` is a live region. */
export function acceptDrops(zone, inputs, told) {
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
    told.textContent = put([...event.dataTransfer.files], inputs);
  });
}

function hasFiles({ dataTransfer }) {
  return dataTransfer !== null && dataTransfer.types.includes("Files");
}

function put(files, inputs) {
  const said = [];
  for (const [name, kind] of KINDS.map(([ending, kind]) => [ending, kind])) {
    const mine = files.filter((file) => name.test(file.name));
    if (mine.length === 0) continue;
    const carrier = new DataTransfer();
    for (const file of inputs[kind].multiple ? mine : mine.slice(-1)) carrier.items.add(file);
    inputs[kind].files = carrier.files;
    inputs[kind].closest("details")?.setAttribute("open", "");
    said.push(...[...carrier.files].map((file) => file.name));
  }
  return said.length > 0
    ? `Chosen: ${said.join(", ")}.`
    : "None of these is a zip, a JSON or a PEM file.";
}
