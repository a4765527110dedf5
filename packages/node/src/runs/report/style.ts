/** The report's style: dark and light, phone and paper, no scripts, no network. */

/** Okabe and Ito's blue and orange (2008), which colour-blind readers tell apart, carry the two sexes. */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1c20; --quiet: #5b5f68; --line: #d9dbe0; --soft: #f4f5f7;
  --heat: 8 66 122; --accent: #0b5a9c; --female: #c05a00; --male: #0072b2; --other: #7a7d85; --bad: #a30f2d; --bad-soft: #fdeff1; --doubt: #7a4b00; --doubt-soft: #fdf4e3; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #14161a; --ink: #e9eaee; --quiet: #a7abb5; --line: #363a43; --soft: #1d2026;
  --heat: 130 195 255; --accent: #82c3ff; --female: #f2a14b; --male: #56b4e9; --other: #9a9da6; --bad: #ff9aab; --bad-soft: #3a1219; --doubt: #f2c069; --doubt-soft: #2e2412; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  overflow-wrap: anywhere; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.contents { margin: 1rem 0; font-size: .9rem; } .contents ol { list-style: none; margin: 0; padding: 0; max-width: none; display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; }
.contents li { margin: 0; } .contents a { text-decoration: none; } .contents a:hover { text-decoration: underline; } h2 { scroll-margin-top: 1rem; }
@media (min-width: 78rem) { body { max-width: 78rem; } main { margin-left: 15rem; } .contents { position: fixed; top: 1.5rem; left: max(1.25rem, calc(50vw - 37.75rem)); width: 13rem; max-height: calc(100vh - 3rem); overflow-y: auto; margin: 0; }
  .contents ol { display: block; } .contents li { margin: .45rem 0; line-height: 1.3; } }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .75rem; } h2 { font-size: 1.2rem; margin: 2.75rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; } p { margin: .5rem 0; max-width: 46rem; } a { color: var(--accent); }
.lead { font-size: 1.2rem; line-height: 1.45; } .quiet, figcaption, caption { color: var(--quiet); font-size: .9rem; }
.leaks { border: 2px solid var(--bad); background: var(--bad-soft); border-radius: .5rem; padding: .75rem 1rem; margin: 0 0 1.5rem; }
.alert { margin: 0; color: var(--bad); font-size: 1.2rem; font-weight: 600; } .warnings { border-color: var(--doubt); background: var(--doubt-soft); } .warnings .alert { color: var(--doubt); } ul { padding-left: 1.25rem; max-width: 46rem; } li { margin: .25rem 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; }
.figures div { background: var(--soft); border-radius: .5rem; padding: .75rem 1rem; } .figures dt { font-size: .9rem; color: var(--quiet); }
.figures dd { margin: 0; } .interval { white-space: nowrap; } .figures .value { font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.3; }
.scroll { overflow-x: auto; margin: .75rem 0; } .scroll:focus-visible { outline: 2px solid var(--accent); }
table { border-collapse: collapse; min-width: min(100%, 38rem); font-variant-numeric: tabular-nums; font-size: .92rem; } caption { text-align: left; text-wrap: pretty; padding-bottom: .35rem; }
th, td { padding: .3rem .7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: baseline; }
th:first-child, td:first-child { padding-left: 0; } tbody th { white-space: normal; overflow-wrap: anywhere; min-width: 7rem; } th.text, td.text { text-align: left; } td.wide { white-space: normal; min-width: 18rem; } details { margin: .75rem 0; } summary { cursor: pointer; } th { font-weight: 600; } tbody th { font-weight: 500; }
.matrix th, .matrix td { border: 0; } .matrix td { min-width: 3.6rem; padding: .35rem .3rem; text-align: center; line-height: 1.15;
  border: 2px solid var(--paper); background: rgb(var(--heat) / var(--p)); } .matrix td.strong { color: var(--paper); }
.matrix small { display: block; font-size: .75rem; } .matrix thead th:not(.text) { text-align: center; } .matrix thead th { font-weight: 500; white-space: normal; max-width: 9rem; overflow-wrap: break-word; } .matrix tbody th { max-width: 12rem; } .matrix th { vertical-align: middle; }
.many td { min-width: 2.3rem; padding: .2rem .1rem; font-size: .8rem; } .matrix.many thead th:not(.text) { writing-mode: vertical-rl; text-align: right; padding: .3rem 0; }
.matrix td.right { font-weight: 700; outline: 1px solid var(--ink); outline-offset: -3px; } .matrix td.sum { background: none; vertical-align: middle; }
figure { margin: 1rem 0; } figure svg, .roc svg { display: block; width: 100%; height: auto; } figure.chart { margin: 1rem 0 1.5rem; } .slim { max-width: 36rem; } .broad { display: none; } @media (min-width: 48rem) { .slim { display: none; } .broad { display: block; } }
audio { display: inline-block; vertical-align: middle; height: 2rem; width: 9rem; }
.roc { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .75rem 1rem; margin: 1rem 0; }
.roc figure { margin: 0; max-width: 13rem; } .roc figcaption { color: var(--ink); font-weight: 500; }
.key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .35em 0 .9em; } .key:first-child { margin-left: 0; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .88rem; overflow-wrap: anywhere; }
pre { background: var(--soft); border-radius: .5rem; padding: .75rem 1rem; white-space: pre-wrap; }
.card { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .25rem 1rem; } .card dt { color: var(--quiet); } .card dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 34rem) { caption { max-width: calc(100vw - 2.5rem); } th, td { padding: .3rem .45rem; } tbody th { min-width: 7.5rem; } .matrix tbody th { min-width: 4rem; } td.wide { min-width: 11rem; }
  th:first-child { position: sticky; left: 0; background: var(--paper); } .matrix th:first-child { white-space: normal; font-size: .8rem; max-width: 4.5rem; padding-right: .2rem; }
  .card { grid-template-columns: 1fr; } .card dd { margin-bottom: .5rem; } .matrix td { min-width: 2.9rem; } }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #444; --line: #bbb; --soft: #f4f4f4; }
  .contents, audio { display: none; } main { margin: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2, h3 { break-after: avoid; } figure, tr, .figures div, .leaks { break-inside: avoid; } .scroll { overflow: visible; } .matrix { font-size: 8.5pt; } .matrix td { min-width: 2.2rem; }
  .matrix th { padding: .2rem .25rem; } }
`.trim();
