"use strict";
// Until the picture is drawn the tables wait: large ones take longer to lay out. After an error they do not.
document.documentElement.className = "drawing";
addEventListener("error", () => document.documentElement.classList.remove("drawing"));
