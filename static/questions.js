// Shows the questions that belong to what is chosen, at once. Which belong to what, the server says
// in the page; without this script a button asks it again, and what is hidden is sent all the same.
//
//   <form data-questions>  <input type="radio" name="outcome" value="deleted">
//   <div data-when="outcome" data-is="deleted destroyed">…</div>      anywhere on the page
//   <details data-open-when="outcome" data-open-for="destroyed">    open for it, or when filled in
//   <button data-questions-show>…</button>                            not needed here

for (const form of document.querySelectorAll("form[data-questions]")) follow(form);

function follow(form) {
  for (const button of form.querySelectorAll("[data-questions-show]")) button.hidden = true;

  const show = () => {
    const chosen = new Map();
    for (const input of form.querySelectorAll("input[type=radio]:checked")) {
      chosen.set(input.name, input.value);
    }
    for (const part of document.querySelectorAll("[data-when]")) {
      const value = chosen.get(part.dataset.when);
      if (value === undefined) continue;
      const belongs = part.dataset.is.split(" ").includes(value);
      if (part.hidden === belongs) part.hidden = !belongs;
    }
    return chosen;
  };

  form.addEventListener("change", (event) => {
    const chosen = show();
    for (const details of form.querySelectorAll("details[data-open-for]")) {
      if (details.dataset.openWhen !== event.target.name) continue;
      const names = details.dataset.openFor.split(" ");
      const filled = [...details.querySelectorAll("input")].some((input) => input.value);
      details.open = filled || names.includes(chosen.get(event.target.name));
    }
  });
  // Going back, a browser restores what was chosen without telling anybody.
  window.addEventListener("pageshow", show);
}
