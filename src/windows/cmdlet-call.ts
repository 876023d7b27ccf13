import { failure } from '../model/failover-error.ts';
import { Secret } from '../model/secret.ts';
import { decodeClixml } from '../protocol/clixml-decode.ts';
import { encodeClixml } from '../protocol/clixml-encode.ts';

/** Parameters that hold a secret: a text for one of type string, a credential for one of type PSCredential. */
export type SecretParameters = Readonly<Record<string, Secret | Credential>>;

export interface Credential {
  readonly userName: string;
  readonly password: Secret;
}

export interface CmdletCall {
  readonly command: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly secrets: SecretParameters;
  /** Levels of properties that come back as objects; deeper ones come back as text. */
  readonly depth: number;
  /** Letters and digits that stand before the reply, unlike anything the cmdlet prints. */
  readonly marker: string;
}

/**
 * Runs one call in the shell. Names and values arrive as CLIXML, so that they are never read as code; the reply goes
 * out as base64, because the console's code page changes other characters than ASCII. Global preferences, because
 * functions of a module do not see ours. Secrets come as a line of input of their own: what is code is written to the
 * event log where an administrator turned script block logging on.
 */
const script = `param([string]$Request, [string]$Marker, [int]$Depth, [int]$Secrets)
$global:ErrorActionPreference = 'Stop'
$global:ProgressPreference = 'SilentlyContinue'
$utf8 = [Text.Encoding]::UTF8
$status = 'failed'
try {
    $xml = $utf8.GetString([Convert]::FromBase64String($Request))
    $call = [Management.Automation.PSSerializer]::Deserialize($xml)
    $parameters = $call['Parameters']
    if ($Secrets) {
        $xml = $utf8.GetString([Convert]::FromBase64String([Console]::In.ReadLine()))
        foreach ($one in [Management.Automation.PSSerializer]::Deserialize($xml)) {
            $value = $one['Text']
            if ($one.ContainsKey('UserName')) {
                $secure = [Security.SecureString]::new()
                foreach ($char in $value.ToCharArray()) { $secure.AppendChar($char) }
                $value = [Management.Automation.PSCredential]::new($one['UserName'], $secure)
            }
            $parameters[$one['Name']] = $value
        }
    }
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

/**
 * The call as one line of PowerShell: an incomplete input of several lines would block the shell for ever. Where it
 * has secrets, they are a second line that the first one reads.
 */
export function formatCall({ command, parameters, secrets, depth, marker }: CmdletCall): string {
  const request = new Map<string, unknown>([
    ['Command', command],
    ['Parameters', new Map(Object.entries(parameters))],
  ]);
  const code = `[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(script)}'))`;
  const given = Object.entries(secrets).map(secretEntry);
  const line = `& ([scriptblock]::Create(${code})) '${base64(encodeClixml(request))}' '${marker}' ${depth} ${given.length}`;
  return given.length === 0 ? line : `${line}\n${base64(encodeClixml(given))}`;
}

function secretEntry([name, value]: [string, Secret | Credential]): Map<string, unknown> {
  const entry = new Map<string, unknown>([['Name', name]]);
  if (value instanceof Secret) return entry.set('Text', value.reveal());
  return entry.set('UserName', value.userName).set('Text', value.password.reveal());
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
    throw failure('CmdletMissing', { command, message: String(message) }, { target: command });
  }
  throw failure(
    'CmdletFailed',
    { command, message: String(message), errorId: String(errorId) },
    { target: command },
  );
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
