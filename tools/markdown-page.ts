/** What a Markdown page holds, as far as our own pages use Markdown. */
const fence = /^ *```(?<language>\w*)\n(?<body>[\s\S]*?)\n *```$/gm

function withoutFences(text: string): string {
  return text.replace(fence, '')
}

export function headings(text: string): { readonly level: number; readonly text: string }[] {
  return [...withoutFences(text).matchAll(/^(#+) (.+)$/gm)].map(([, marks, title]) => ({
    level: marks.length,
    text: title.trim(),
  }))
}

/** The anchors of a page's headings, as GitHub makes them; the second of a name ends in `-1`. */
export function slugs(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  const seen = new Map<string, number>()
  for (const heading of headings(text)) {
    const slug = heading.text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-')
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    found.add(before === 0 ? slug : `${slug}-${before}`)
  }
  return found
}

export function links(text: string): string[] {
  return [...withoutFences(text).matchAll(/\]\((?<to>[^()\s]+)\)/g)].map(({ groups }) => groups?.['to'] ?? '')
}

/** Lines of sentences: no code, tables, headings or comments. */
export function prose(text: string): string[] {
  return withoutFences(text)
    .split('\n')
    .map((line) => line.trim().replace(/^(?:\d+\.|-) /, ''))
    .filter((line) => line !== '' && !/^(?:#|\||<|!\[)/.test(line))
}

/** The commands of `sh` blocks, split into words: comments, variables in front and what a pipe leads to left out. */
export function shellWords(text: string): string[][] {
  return [...text.matchAll(fence)]
    .filter(({ groups }) => groups?.['language'] === 'sh')
    .flatMap(({ groups }) => splitCommands(groups?.['body'] ?? ''))
}

/** Commands named in a sentence. */
export function inlineCode(text: string): string[][] {
  return [...withoutFences(text).matchAll(/`(?<code>[^`\n]+)`/g)].flatMap(({ groups }) =>
    splitCommands(groups?.['code'] ?? ''),
  )
}

function splitCommands(script: string): string[][] {
  const list: string[][] = []
  let words: string[] = []
  const finish = () => {
    while (/^\w+=/.test(words[0] ?? '')) words.shift()
    if (words.length > 0) list.push(words)
    words = []
  }
  const token =
    /(?<end>\n|[|&;]+)|(?<comment>(?<![^\s])#[^\n]*)|(?<word>(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\\n|[^\s'"|&;])+)/g
  for (const { groups } of script.matchAll(token)) {
    if (groups?.['end']) finish()
    else if (groups?.['word']) words.push(groups['word'].replace(/^(['"])(.*)\1$/s, '$2'))
  }
  finish()
  return list
}
