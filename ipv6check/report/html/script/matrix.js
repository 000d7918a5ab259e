"use strict";
(() => {
  const table = document.getElementById("matrix");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const form = document.getElementById("filter");
  const text = document.getElementById("filter-text");
  const level = document.getElementById("filter-level");
  const state = document.getElementById("filter-state");
  const count = document.getElementById("filter-count");
  const heads = Array.from(table.tHead.rows[0].cells);
  // In the report as one file: the section that this table stands in. The address keeps the filter there
  // too, and then no longer names the section.
  const leaf = table.closest(".leaf");
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const order = { fail: 0, unknown: 1, warn: 2, accepted: 3, pass: 4, not_applicable: 5, nil: 6 };
  // Letters without their marks, so that "cong" finds "Cổng".
  const plain = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
  const haystacks = rows.map((r) => plain(r.cells[0].textContent + " " + r.dataset.i + " " + r.cells[1].textContent));
  let sorted = -1;
  let down = false;

  const key = (row, column) => {
    const cell = row.cells[column];
    if (column < 2) return cell.textContent;
    if (column === 2) return row.dataset.l === "-" ? -1 : Number(row.dataset.l);
    if (column === 3) return cell.textContent;
    if (column === 4) return cell.dataset.v === undefined ? -1 : Number(cell.dataset.v);
    return order[cell.className];
  };

  const sort = () => {
    heads.forEach((head, column) => {
      if (column === sorted) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const keys = new Map(rows.map((row, index) => [row, sorted < 0 ? index : key(row, sorted)]));
    const sign = sorted >= 0 && down ? -1 : 1;
    const arranged = rows.slice().sort((a, b) => {
      const x = keys.get(a);
      const y = keys.get(b);
      return sign * (typeof x === "string" ? collator.compare(x, y) : x - y);
    });
    body.append(...arranged);
  };

  const filter = () => {
    const wanted = plain(text.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const fits =
        (!level.value || row.dataset.l === level.value) &&
        (!state.value || row.dataset.s === state.value) &&
        wanted.every((part) => haystacks[index].includes(part));
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    const number = new Intl.NumberFormat(document.documentElement.lang);
    count.textContent = shown
      ? count.dataset.text.replace("{shown}", number.format(shown)).replace("{total}", number.format(rows.length))
      : count.dataset.empty;
  };

  const remember = () => {
    const kept = new URLSearchParams();
    if (text.value) kept.set("q", text.value);
    if (level.value) kept.set("level", level.value);
    if (state.value) kept.set("state", state.value);
    if (sorted >= 0) kept.set("sort", (down ? "-" : "") + sorted);
    const view = kept.toString();
    history.replaceState(null, "", "#" + (view || (leaf ? leaf.id : "")));
    show();
  };

  const show = () => {
    if (leaf) leaf.classList.toggle("open", location.hash.includes("="));
  };

  const recall = () => {
    show();
    const kept = new URLSearchParams(location.hash.slice(1));
    const choose = (select, value) => {
      select.value = Array.from(select.options).some((option) => option.value === value) ? value : "";
    };
    text.value = kept.get("q") || "";
    choose(level, kept.get("level") || "");
    choose(state, kept.get("state") || "");
    const match = /^(-?)(\d{1,2})$/.exec(kept.get("sort") || "");
    sorted = match && Number(match[2]) < heads.length ? Number(match[2]) : -1;
    down = Boolean(match && match[1]);
    sort();
    filter();
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = table.dataset.sort.replace("{column}", head.textContent);
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      down = sorted === column && !down;
      sorted = column;
      sort();
      remember();
    });
  });
  const changed = () => {
    filter();
    remember();
  };
  text.addEventListener("input", changed);
  level.addEventListener("change", changed);
  state.addEventListener("change", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("filter-clear").addEventListener("click", () => {
    text.value = level.value = state.value = "";
    changed();
    text.focus();
  });
  window.addEventListener("hashchange", recall);
  form.hidden = false;
  recall();
})();
