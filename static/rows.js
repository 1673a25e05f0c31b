// Rows of inputs, one more or one less without asking the server. Without this script the same
// buttons send the form, which comes back with a row more or less.
//
//   <div data-rows data-most="500" data-noun="Medium">
//     <div data-rows-list> <fieldset data-row>… <span data-row-count>1</span> … <button data-row-remove>
//     <template data-row-blank>  the same, with __number__ and __count__
//     <button data-row-add>  <p data-rows-told role="status"></p>

for (const place of document.querySelectorAll("[data-rows]")) enhance(place);

function enhance(place) {
  const list = place.querySelector("[data-rows-list]");
  const blank = place.querySelector("[data-row-blank]");
  const add = place.querySelector("[data-row-add]");
  const told = place.querySelector("[data-rows-told]");
  const noun = place.dataset.noun ?? "Medium";
  const rows = () => [...list.querySelectorAll("[data-row]")];
  // Names only ever go up: the server reads rows in the order of their numbers.
  let next = rows().length;

  const changed = () => {
    rows().forEach((row, index) => {
      for (const count of row.querySelectorAll("[data-row-count]")) count.textContent = index + 1;
    });
    add.disabled = rows().length >= Number(place.dataset.most);
    // What else listens to the form hears of it.
    place.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const offer = (row) => {
    const button = row.querySelector("[data-row-remove]");
    button.type = "button";
    button.addEventListener("click", () => {
      const index = rows().indexOf(row);
      row.remove();
      changed();
      told.textContent = `${noun} ${index + 1} removed.`;
      const near = rows()[index] ?? rows()[index - 1];
      (near?.querySelector("input") ?? add).focus();
    });
  };

  for (const row of rows()) offer(row);
  add.type = "button";
  add.addEventListener("click", () => {
    const fresh = blank.content.firstElementChild.cloneNode(true);
    for (const element of [fresh, ...fresh.querySelectorAll("*")]) {
      for (const attribute of element.attributes) {
        attribute.value = attribute.value.replaceAll("__number__", next);
      }
    }
    next += 1;
    list.append(fresh);
    offer(fresh);
    changed();
    told.textContent = `${noun} ${rows().length} added.`;
    fresh.querySelector("input").focus();
  });
}
