// Sending evidence files: one after the other with progress, chosen or dropped. Without this script
// the form sends them all at once, and everything works the same.
//
//   <form data-evidence data-most="BYTES"> … <input type="file" name="file" multiple>
//     <ul data-progress hidden></ul> <p data-told role="status"></p>
//
// Files may also be dropped on an element of its own, which says what they are about:
//
//   <td data-drop="cell" data-drop-value="3.STORE" data-drop-name="list.csv, File share">
//   <div data-drop-form="/demands/REF/evidence" hidden> <ul data-progress></ul> <p data-told …></div>

for (const form of document.querySelectorAll("form[data-evidence]")) enhance(form);
for (const panel of document.querySelectorAll("[data-drop-form]")) enhanceCells(panel);

// A file that misses its place must not make the browser leave the page.
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, (event) => {
    if (hasFiles(event) && document.querySelector("[data-evidence], [data-drop-form]")) {
      event.preventDefault();
    }
  });
}

function enhance(form) {
  const input = form.querySelector('input[type="file"]');
  const button = form.querySelector("button");
  const words = form.querySelector("[data-drop-words]");
  if (words) words.hidden = false;
  // Its sentence is ours, beside the form.
  input.required = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const told = form.querySelector("[data-told]");
    if (input.files.length === 0) {
      told.textContent = "Choose at least one file first.";
      input.focus();
      return;
    }
    button.disabled = true;
    const extra = [...form.querySelectorAll('input[type="hidden"]')]
      .filter((field) => field.name !== "csrf_token")
      .map((field) => [field.name, field.value]);
    const done = await sendAll(form.action, extra, [...input.files], {
      list: form.querySelector("[data-progress]"), told, most: Number(form.dataset.most),
    });
    button.disabled = false;
    input.value = "";
    if (done) location.assign(done);
  });

  dropOn(form, (files) => {
    input.files = files;
    form.requestSubmit();
  });
}

function enhanceCells(panel) {
  let busy = false;
  for (const place of document.querySelectorAll("[data-drop]")) {
    dropOn(place, async (files) => {
      if (busy) return;
      busy = true;
      panel.hidden = false;
      const told = panel.querySelector("[data-told]");
      told.textContent = `For ${place.dataset.dropName}:`;
      const done = await sendAll(
        panel.dataset.dropForm, [[place.dataset.drop, place.dataset.dropValue]], [...files],
        { list: panel.querySelector("[data-progress]"), told, most: Number(panel.dataset.most) },
      );
      busy = false;
      // What was ticked in the table stays: only the words of this place change.
      if (done) {
        told.textContent = `Attached to ${place.dataset.dropName}.`;
        const count = place.querySelector("[data-evidence-count]");
        if (count) count.textContent = "Evidence added";
      }
    });
  }
}

// Sends one file after the other. The address to go on to, or null where one did not arrive.
async function sendAll(address, extra, files, { list, told, most }) {
  list.replaceChildren();
  list.hidden = false;
  const lines = files.map((file) => line(list, file));
  let next = null;
  let failed = 0;
  for (const [number, file] of files.entries()) {
    const here = lines[number];
    told.textContent = `Sending ${number + 1} of ${files.length}: ${file.name}`;
    try {
      if (file.size === 0) throw new Error("It is empty, so it shows nothing.");
      if (file.size > most) throw new Error("It is larger than this installation takes.");
      const answer = await send(address, extra, file, (share) => here.show(share));
      next = answer.next ?? next;
      here.end(answer.known?.length ? "It was there already." : "Added.");
    } catch (error) {
      failed += 1;
      here.fail(error.message);
    }
  }
  const arrived = files.length - failed;
  told.textContent = failed === 0
    ? `${arrived === 1 ? "The file is" : `All ${arrived} files are`} added.`
    : `${failed} of ${files.length} did not arrive. ${arrived ? "The others are added." : ""}`.trim();
  return failed === 0 ? next : null;
}

function line(list, file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const state = document.createElement("span");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(name, " ", state, bar);
  list.append(item);
  return {
    show(share) {
      bar.value = share;
      // All of it is sent; hashing and keeping it may take the server a moment.
      state.textContent = share < 1 ? `– ${Math.floor(share * 100)}%` : "– being kept …";
    },
    end(words) {
      bar.remove();
      state.textContent = `– ${words}`;
    },
    fail(words) {
      bar.remove();
      state.className = "attest-drop__wrong";
      state.textContent = `– ${words}`;
    },
  };
}

// The old way of asking is the only one that tells how much was sent.
function send(address, extra, file, progress) {
  const body = new FormData();
  for (const [name, value] of extra) body.append(name, value);
  // Last: the server reads what it is about before the file itself.
  body.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "text";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken",
      document.querySelector('meta[name="csrf-token"]')?.content ?? "");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const answer = read(request.responseText);
      if (request.status === 200) resolve(answer);
      else reject(new Error(answer.sentence ?? wordsFor(request.status)));
    });
    for (const kind of ["error", "abort", "timeout"]) {
      request.addEventListener(kind, () => reject(new Error(
        "The connection broke off, and nothing was kept of it. Try this file again.")));
    }
    request.send(body);
  });
}

function read(text) {
  try {
    const answer = JSON.parse(text);
    return typeof answer === "object" && answer !== null ? answer : {};
  } catch {
    return {};
  }
}

function wordsFor(status) {
  if (status === 413) return "It is larger than this installation takes.";
  return `The server could not take it (it answered ${status}). Try this file again.`;
}

function hasFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

function dropOn(place, take) {
  let depth = 0;
  const mark = (by) => {
    depth = Math.max(0, depth + by);
    place.classList.toggle("attest-drop--over", depth > 0);
  };
  place.addEventListener("dragenter", (event) => { if (hasFiles(event)) mark(1); });
  place.addEventListener("dragleave", (event) => { if (hasFiles(event)) mark(-1); });
  place.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  place.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    mark(0);
    if (event.dataTransfer.files.length > 0) take(event.dataTransfer.files);
  });
}
