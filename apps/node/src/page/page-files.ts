import { PAGE_SCRIPT } from './page-script';
import { PAGE_STYLE } from './page-style';

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fedistl node</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<header>
  <h1 id="site">fedistl node</h1>
  <p id="link" role="status">…</p>
  <p class="actions"><button id="pause" type="button" hidden>Pause</button><button id="resume" type="button" hidden>Resume</button></p>
</header>
<main>
  <section aria-labelledby="h-now"><h2 id="h-now">Now</h2><p id="now"></p><progress id="bar" hidden></progress><p id="rate" class="quiet"></p></section>
  <section aria-labelledby="h-left"><h2 id="h-left">What left this hospital</h2><p id="left-sum" class="quiet"></p><div class="scroll"><table id="left"></table></div></section>
  <section aria-labelledby="h-studies"><h2 id="h-studies">Studies</h2><div class="scroll"><table id="studies"></table></div></section>
  <section aria-labelledby="h-rounds"><h2 id="h-rounds">Rounds and evaluations</h2><div class="scroll"><table id="rounds"></table></div></section>
  <section aria-labelledby="h-data"><h2 id="h-data">Images</h2><div class="scroll"><table id="data"></table></div></section>
  <section aria-labelledby="h-policy"><h2 id="h-policy">Policy</h2><p class="quiet">Set in policy.json in the node's data directory; nothing from outside changes it.</p><div class="scroll"><table id="policy"></table></div></section>
  <section aria-labelledby="h-trust"><h2 id="h-trust">Identity</h2><div class="scroll"><table id="trust"></table></div></section>
  <section aria-labelledby="h-log"><h2 id="h-log">Lately</h2><div class="scroll"><table id="log"></table></div></section>
</main>
<noscript><p>The figures are at <a href="/status">/status</a> and <a href="/egress">/egress</a>.</p></noscript>
<script src="/page.js"></script>
</body>
</html>
`;

/** The page's files by path; all of them are static, what they show comes from /status. */
export const PAGE_FILES: Readonly<Record<string, { readonly type: string; readonly content: string }>> = {
  '/': { type: 'text/html; charset=utf-8', content: HTML },
  '/page.css': { type: 'text/css; charset=utf-8', content: PAGE_STYLE },
  '/page.js': { type: 'text/javascript; charset=utf-8', content: PAGE_SCRIPT },
};
