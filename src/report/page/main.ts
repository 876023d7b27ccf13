import 'uplot/dist/uPlot.min.css';
import './style.css';
import { latencyChart } from './chart.ts';
import { follow } from './live.ts';
import { siteTable } from './sites.ts';

for (const tools of document.querySelectorAll<HTMLElement>('.tools')) tools.hidden = false;
const table = siteTable();
const chart = latencyChart();
if (document.documentElement.dataset.live === 'yes')
  follow(() => {
    table.arrange();
    chart.load();
  });
