// Finds what the project's PowerShell files use that Windows PowerShell 5.1 on .NET Framework 4.7.2 lacks.
//
//   npx tsx build/lint/powershell51.ts
import { checkScripts, projectScripts } from './scripts.ts';

const findings = checkScripts(projectScripts());
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
