// What scripts add to the page. Without them everything works too, one page load at a time.

import { combobox } from "./combobox.js";
import { copying } from "./copy.js";
import { keyboard } from "./keyboard.js";
import { appearance, dialogs, filters, matches, printing } from "./small.js";
import { live, swapping } from "./swap.js";
import { correcting, uploading } from "./upload.js";

appearance();
dialogs();
filters();
matches();
printing();
copying();
keyboard();
live();
uploading();
correcting();

const box = document.getElementById("search");
if (box) {
  const go = swapping(box);
  combobox(box, go);
}
