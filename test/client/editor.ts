// What an editor shows when the pointer rests on a name: TypeScript's own language service.
import { dirname } from 'node:path';
import ts from 'typescript';

/** The documentation of the first `name` at or after the piece `within` of the file. */
export function quickInfo(path: string, within: string, name: string): string {
  const host: ts.LanguageServiceHost = {
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => ({ strict: true, module: ts.ModuleKind.NodeNext, types: [] }),
    getCurrentDirectory: () => dirname(path),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => [path],
    getScriptVersion: () => '1',
    getScriptSnapshot: (file) => {
      const text = ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
  };
  const text = ts.sys.readFile(path) ?? '';
  const at = text.indexOf(name, text.indexOf(within));
  const info = ts.createLanguageService(host).getQuickInfoAtPosition(path, at);
  return ts.displayPartsToString(info?.documentation ?? []);
}
