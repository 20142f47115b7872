/// How the report looks: on paper, on a phone, on a wide screen, in the dark.
///
/// Colours are variables, so that a dark screen and print change a dozen lines and no drawing. Labels
/// have ten of them, dark on light paper and light on dark, each with 4.5:1 contrast to the number
/// written on it; no colour is the only carrier of a meaning.
let stylesheet: Markup = """
  :root{color-scheme:light dark;--paper:#faf9f7;--card:#ffffff;--ink:#1d2127;--muted:#58616d;
  --line:#e3e1dc;--accent:#23528f;--soft:#d5e0ef;--warm:#a5481b;--on:#ffffff;--between:#1d2127;
  --c0:#2f5d9f;--c1:#a8571a;--c2:#2c7a52;--c3:#7450a3;--c4:#b03a3a;--c5:#1f7480;--c6:#7d6212;
  --c7:#a8437a;--c8:#5f6873;--c9:#6e5138}
  @media screen and (prefers-color-scheme:dark){:root{--paper:#13161a;--card:#1a1e24;--ink:#e9ebee;
  --muted:#a0a9b5;--line:#2f353e;--accent:#8bb8f4;--soft:#2b3c53;--warm:#f0a06c;--on:#13161a;--between:#13161a;
  --c0:#8bb8f4;--c1:#f0a868;--c2:#7fcf9f;--c3:#c3a6ec;--c4:#f2938e;--c5:#76cbd8;--c6:#e2c45a;
  --c7:#eea0c8;--c8:#b4bcc6;--c9:#cdb199}}
  *{box-sizing:border-box}
  html{-webkit-text-size-adjust:100%}
  body{margin:0;background:var(--paper);color:var(--ink);
  font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
  font-variant-numeric:tabular-nums}
  main,header,footer{max-width:62rem;margin:0 auto;padding:0 clamp(1rem,4vw,2.5rem)}
  header{padding-top:clamp(1.5rem,5vw,3.5rem)}
  .eyebrow{margin:0;color:var(--accent);font-size:.8rem;font-weight:650;letter-spacing:.09em;
  text-transform:uppercase}
  h1{margin:.2rem 0 .4rem;font-size:clamp(1.5rem,4.5vw,2.4rem);line-height:1.15;font-weight:680;
  letter-spacing:-.015em;overflow-wrap:anywhere}
  h2{margin:0 0 .3rem;font-size:1.22rem;line-height:1.3;font-weight:650}
  h3{margin:1.6rem 0 .3rem;font-size:1rem;font-weight:650}
  p{margin:.3rem 0 .8rem;max-width:46rem;overflow-wrap:anywhere}
  .lead{color:var(--muted)}
  .note{padding:.55rem .8rem;border-left:3px solid var(--accent);background:var(--card)}
  section{margin:1.5rem 0;padding:clamp(1rem,3vw,1.75rem);background:var(--card);
  border:1px solid var(--line);border-radius:14px}
  .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1.2rem 2rem;
  padding:0;margin:1rem 0 0;list-style:none}
  .tiles b{display:block;font-size:2.5rem;line-height:1.15;font-weight:640;letter-spacing:-.03em}
  .tiles .first b{color:var(--accent)}
  .tiles .none{font-size:1.05rem;letter-spacing:0;line-height:1.4;padding:.5rem 0}
  .tiles span{display:block;font-weight:600}
  .tiles small{display:block;color:var(--muted);font-size:.86rem}
  .facts{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;margin:.8rem 0 0;padding:0;list-style:none}
  .facts b{font-weight:650}
  figure{margin:1rem 0 .4rem}
  figcaption{color:var(--muted);font-size:.9rem;max-width:46rem}
  svg{display:block;width:100%;overflow:visible;font-size:13px}
  svg text{fill:var(--ink)}
  svg .quiet{fill:var(--muted);font-size:12px}
  svg .grid{stroke:var(--line);stroke-width:1}
  svg .zero{stroke:var(--muted);stroke-width:1}
  svg .bar{fill:var(--soft)}
  svg .bar.low{fill:color-mix(in oklab,var(--warm) 30%,var(--card))}
  svg .range{stroke:var(--accent);stroke-width:2.5;stroke-linecap:round}
  svg .dot{fill:var(--accent);stroke:var(--card);stroke-width:1.5}
  svg .range.model{stroke:var(--warm)}
  svg .dot.model{fill:var(--warm)}
  svg .band{fill:var(--soft);opacity:.65}
  svg .path{fill:none;stroke:var(--accent);stroke-width:2;vector-effect:non-scaling-stroke}
  svg .dashed{stroke:var(--muted);stroke-width:1.5;stroke-dasharray:5 4}
  svg .cell{fill:color-mix(in oklab,var(--accent) var(--p),var(--card));stroke:var(--card);
  stroke-width:2}
  svg .cell.low{fill:color-mix(in oklab,var(--warm) var(--p),var(--card))}
  svg .cell.none{fill:none;stroke:var(--line);stroke-width:1}
  svg .strong{fill:var(--on)}
  svg .between{fill:var(--between)}
  svg .part{stroke:var(--card);stroke-width:1.5}
  .k0{fill:var(--c0);background:var(--c0)}.k1{fill:var(--c1);background:var(--c1)}
  .k2{fill:var(--c2);background:var(--c2)}.k3{fill:var(--c3);background:var(--c3)}
  .k4{fill:var(--c4);background:var(--c4)}.k5{fill:var(--c5);background:var(--c5)}
  .k6{fill:var(--c6);background:var(--c6)}.k7{fill:var(--c7);background:var(--c7)}
  .k8{fill:var(--c8);background:var(--c8)}.k9{fill:var(--c9);background:var(--c9)}
  .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:.4rem 0 0;padding:0;list-style:none;
  font-size:.9rem}
  .legend i{display:inline-block;width:.8em;height:.8em;margin-right:.4em;border-radius:3px}
  .scroll{overflow-x:auto}
  .scroll:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
  table{border-collapse:collapse;width:100%;margin:.6rem 0;font-size:.92rem}
  caption{padding-bottom:.4rem;color:var(--muted);text-align:left}
  th,td{padding:.32rem .6rem;border-bottom:1px solid var(--line);text-align:right;
  vertical-align:baseline}
  thead th{color:var(--muted);font-weight:600;border-bottom-color:var(--muted)}
  th[scope=row],th:first-child{text-align:left;font-weight:550;overflow-wrap:anywhere}
  td.reason{color:var(--muted);text-align:left}
  details{margin:.6rem 0 0}
  summary{width:fit-content;max-width:100%;overflow-wrap:anywhere;color:var(--accent);cursor:pointer;font-size:.92rem}
  dt{margin-top:.5rem;font-weight:600}
  dd{margin:0;color:var(--muted)}
  ol.works{padding-left:1.4rem}
  ol.works li{margin:.35rem 0;overflow-wrap:anywhere}
  footer{padding-top:.5rem;padding-bottom:3rem;color:var(--muted);font-size:.88rem}
  @media (max-width:32rem){section{border-radius:10px}th,td{padding:.3rem .4rem}
  svg{font-size:12px}svg .quiet{font-size:11px}}
  @media print{@page{margin:16mm 14mm}
  :root{--paper:#fff;--card:#fff;color-scheme:light}
  body{font-size:10.5pt}
  *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
  main,header,footer{max-width:none;padding:0}
  header{padding-top:0}
  section{margin:1rem 0 1.2rem;padding:0;border:0;border-radius:0}
  figure,tr,.lead,.tiles li{break-inside:avoid}
  h2,h3,caption,.lead{break-after:avoid}
  summary{display:none}
  details::details-content{content-visibility:visible;block-size:auto}
  .scroll{overflow:visible}
  a{color:inherit}}
  """
