// Adds a «copy» button to every text that is marked data-copy, and says when it has been copied.
// Without this script the texts stand there all the same, and can be selected.

for (const box of document.querySelectorAll("[data-copy-label]")) {
  const status = box.querySelector("[role=status]");
  for (const text of box.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    const name = document.getElementById(`${text.id}-name`);
    button.type = "button";
    button.className = "copy";
    button.id = `${text.id}-copy`;
    button.textContent = box.dataset.copyLabel;
    // Its name says which text, with the word on the button first.
    button.setAttribute("aria-labelledby", `${button.id} ${name.id}`);
    button.addEventListener("click", async () => {
      status.textContent = "";
      const done = await copy(text);
      status.textContent = done ? `${box.dataset.copied}: ${name.textContent}` : box.dataset.failed;
    });
    text.after(button);
  }
}

async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    // No permission, or a page that came over plain HTTP: the text is selected instead.
    const selection = window.getSelection();
    selection.selectAllChildren(element);
    return document.execCommand("copy");
  }
}
