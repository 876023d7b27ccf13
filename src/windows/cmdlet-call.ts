import { FailoverError } from '../model/failover-error.ts';
import { decodeClixml } from '../protocol/clixml-decode.ts';
import { encodeClixml } from '../protocol/clixml-encode.ts';

export interface CmdletCall {
  readonly command: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Levels of properties that come back as objects; deeper ones come back as text. */
  readonly depth: number;
  /** Letters and digits that stand before the reply, unlike anything the cmdlet prints. */
  readonly marker: string;
}

/**
 * Runs one call in the shell. Names and values arrive as CLIXML, so that they are never read as code; the reply goes
 * out as base64, because the console's code page changes other characters than ASCII. Global preferences, because
 * functions of a module do not see ours.
 */
const script = `param([string]$Request, [string]$Marker, [int]$Depth)
$global:ErrorActionPreference = 'Stop'
$global:ProgressPreference = 'SilentlyContinue'
$utf8 = [Text.Encoding]::UTF8
$status = 'failed'
try {
    $xml = $utf8.GetString([Convert]::FromBase64String($Request))
    $call = [Management.Automation.PSSerializer]::Deserialize($xml)
    $parameters = $call['Parameters']
    $status = 'missing'
    $command = Get-Command -Name $call['Command'] -CommandType Cmdlet, Function
    $status = 'failed'
    $reply = @(& $command @parameters)
    $status = 'done'
}
catch {
    $reply = @([string]$_, $_.FullyQualifiedErrorId)
}
$xml = [Management.Automation.PSSerializer]::Serialize($reply, $Depth)
[Console]::Out.Write("\`n$Marker $status " + [Convert]::ToBase64String($utf8.GetBytes($xml)) + "\`n")
`;

/** The call as one line of PowerShell: an incomplete input of several lines would block the shell for ever. */
export function formatCall({ command, parameters, depth, marker }: CmdletCall): string {
  const request = new Map<string, unknown>([
    ['Command', command],
    ['Parameters', new Map(Object.entries(parameters))],
  ]);
  const code = `[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(script)}'))`;
  return `& ([scriptblock]::Create(${code})) '${base64(encodeClixml(request))}' '${marker}' ${depth}`;
}

/**
 * The objects that the call returned, from what the shell printed; undefined where it printed no reply.
 * @throws FailoverError CmdletMissing or CmdletFailed, with the cmdlet's message
 */
export function parseReply({ command, marker }: CmdletCall, printed: string): unknown[] | undefined {
  const reply = new RegExp(`^${marker} (\\w+) ([A-Za-z0-9+/=]+)\\r?$`, 'm').exec(printed);
  const [, status, text = ''] = reply ?? [];
  if (status === undefined) return undefined;
  const values = decodeClixml(Buffer.from(text, 'base64').toString('utf8'))[0] as unknown[];
  if (status === 'done') return values;
  const [message, errorId] = values;
  if (status === 'missing') {
    throw new FailoverError('CmdletMissing', `This PowerShell has no ${command}: ${String(message)}`, {
      target: command,
    });
  }
  throw new FailoverError('CmdletFailed', `${command} failed: ${String(message)} (${String(errorId)})`, {
    target: command,
  });
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
