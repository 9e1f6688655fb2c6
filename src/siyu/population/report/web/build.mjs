// Makes charts.js of charts.src.js: npm install && npm run build
import { build } from "esbuild";
import { readFileSync } from "node:fs";

const notice = readFileSync("node_modules/echarts/NOTICE", "utf8").trim();
const zrender = readFileSync("node_modules/zrender/LICENSE", "utf8").trim();
const { version } = JSON.parse(readFileSync("node_modules/echarts/package.json", "utf8"));
const banner = `/*!
Draws the charts of a report. Holds parts of Apache ECharts ${version}, licensed under the Apache License,
Version 2.0 (the "License"); you may not use these parts except in compliance with the License. You may
obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0. Unless required by
applicable law or agreed to in writing, software distributed under the License is distributed on an
"AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
License for the specific language governing permissions and limitations under the License.

${notice}

ZRender:
${zrender}

tslib: Copyright (c) Microsoft Corporation. Permission to use, copy, modify, and/or distribute this
software for any purpose with or without fee is hereby granted. THE SOFTWARE IS PROVIDED "AS IS" AND
THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS.
*/`;

await build({
  entryPoints: ["charts.src.js"],
  outfile: "charts.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "ascii",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  banner: { js: banner },
});
