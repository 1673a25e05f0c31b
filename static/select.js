// Selecting cells of the answer matrix a row, a column or all at once. Everything works without this
// script, box by box; so its buttons are hidden in the HTML and shown here.
//
//   <form data-select data-noun="copies">
//     <input type="checkbox" name="cell" value="…" data-row="FILE" data-column="STORE">
//     <button type="button" data-select-row="FILE" hidden>…</button>   likewise data-select-column
//     <button type="button" data-select-all hidden>…</button>
//     <p data-selected role="status" hidden></p>                       "5 of 35 copies selected"

for (const form of document.querySelectorAll("form[data-select]")) enhance(form);

function enhance(form) {
  // Asked anew each time: a page may show or disable boxes as it goes.
  const boxes = (belongs = () => true) => (
    [...form.querySelectorAll('input[type="checkbox"][data-row]')]
      .filter((box) => !box.disabled && belongs(box))
  );
  const buttons = [];

  const offer = (button, belongs) => {
    button.hidden = false;
    buttons.push({ button, belongs });
    button.addEventListener("click", () => {
      const mine = boxes(belongs);
      // Pressed again when all are on, it takes them off: no second button for that.
      const on = !mine.every((box) => box.checked);
      for (const box of mine) box.checked = on;
      // What else listens to the form hears of it once, as it would of one box.
      form.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };

  for (const button of form.querySelectorAll("[data-select-row]")) {
    offer(button, (box) => box.dataset.row === button.dataset.selectRow);
  }
  for (const button of form.querySelectorAll("[data-select-column]")) {
    offer(button, (box) => box.dataset.column === button.dataset.selectColumn);
  }
  for (const button of form.querySelectorAll("[data-select-all]")) offer(button, () => true);

  const region = form.querySelector("[data-selected]");
  const tell = () => {
    const all = boxes();
    const selected = all.filter((box) => box.checked).length;
    if (region) {
      region.hidden = false;
      const noun = form.dataset.noun ? ` ${form.dataset.noun}` : "";
      region.textContent = `${selected} of ${all.length}${noun} selected`;
    }
    for (const { button, belongs } of buttons) {
      const mine = boxes(belongs);
      button.disabled = mine.length === 0;
      const all = mine.length > 0 && mine.every((box) => box.checked);
      button.setAttribute("aria-pressed", String(all));
    }
  };

  form.addEventListener("change", tell);
  // A reset changes the boxes only after its event.
  form.addEventListener("reset", () => setTimeout(tell));
  // Going back, a browser restores the boxes without telling anybody.
  window.addEventListener("pageshow", tell);
  tell();
}
