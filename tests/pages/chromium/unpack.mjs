// Unpacks the Chromium of the npm package, with the libraries and the font that it needs, into the folder of this
// file. `start` runs it there. Nothing outside the folder is written or needed, so nobody has to be root.
import { chmodSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflate } from "@sparticuz/chromium";

const here = dirname(fileURLToPath(import.meta.url));
const packed = join(here, "node_modules", "@sparticuz", "chromium", "bin");
process.env.TMPDIR = here; // where `inflate` writes

for (const name of ["chromium.br", "al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"]) {
  await inflate(join(packed, name));
}
writeFileSync(
  join(here, "fonts.conf"),
  `<fontconfig><dir>${here}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${here}/cache</cachedir></fontconfig>\n`,
);
writeFileSync(
  join(here, "start"),
  `#!/bin/sh
export LD_LIBRARY_PATH='${here}/al2023/lib' FONTCONFIG_FILE='${here}/fonts.conf'
exec '${here}/chromium' "$@"
`,
);
chmodSync(join(here, "start"), 0o755);
