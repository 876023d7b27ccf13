import { serve } from '../../src/main.ts';
import { sampleCommands } from './sample-commands.ts';

serve(sampleCommands);
