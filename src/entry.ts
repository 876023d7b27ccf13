import { commands } from './commands/index.ts';
import { serve } from './main.ts';

serve(commands);
