package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxLatex is how deep braces of accents are followed.
const maxLatex = 16

// LaTeX is the plain text of LaTeX as bibliographies use it: accents, letters and marks become characters, commands of
// lettering go and leave their text, braces and dollars go.
func LaTeX(s string) string {
	if !strings.ContainsAny(s, "\\{}$~`'-") {
		return strings.Join(strings.Fields(s), " ")
	}
	return strings.Join(strings.Fields(norm.NFC.String(latex(s, 0))), " ")
}

// Verbatim is the text of an address or identifier, in which only escapes go.
func Verbatim(s string) string {
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, `\url{`); ok {
		s = strings.TrimSuffix(inner, "}")
	}
	return strings.Join(strings.Fields(strings.NewReplacer(`{\_}`, "_", `\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", `\~{}`, "~", `\textasciitilde`, "~", `\$`, "$", `\textless`, "<", `\textgreater`, ">", "{", "", "}", "").Replace(s)), "")
}

// accents are the commands that put a mark on a letter, with the combining character.
func accent(command string) (rune, bool) {
	r, ok := map[string]rune{
		"`": 0x300, "'": 0x301, "^": 0x302, "~": 0x303, "=": 0x304, "u": 0x306, ".": 0x307, "\"": 0x308, "r": 0x30A, "H": 0x30B, "v": 0x30C, "d": 0x323, "c": 0x327, "k": 0x328, "b": 0x331,
	}[command]
	return r, ok
}

// symbols are commands that stand for a character of their own.
func symbol(command string) (string, bool) {
	s, ok := map[string]string{
		"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
		"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_", "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "textellipsis": "…", "textquoteright": "’", "textquoteleft": "‘",
		"textregistered": "®", "texttrademark": "™", "copyright": "©", "textcopyright": "©", "textdegree": "°", "degree": "°", "circ": "°", "pm": "±", "times": "×", "cdot": "·", "mu": "μ", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ",
		"lambda": "λ", "sigma": "σ", "omega": "ω", "Omega": "Ω", "epsilon": "ε", "theta": "θ", "pi": "π", "textless": "<", "textgreater": ">", "infty": "∞", "leq": "≤", "geq": "≥", "sim": "∼", "approx": "≈", "S": "§", "P": "¶", "textmu": "μ",
	}[command]
	return s, ok
}

func latex(s string, depth int) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\':
			text, next := commanded(s, i+1, depth)
			out.WriteString(text)
			i = next
		case c == '{' || c == '}' || c == '$':
			i++
		case c == '~':
			out.WriteByte(' ')
			i++
		case strings.HasPrefix(s[i:], "---"):
			out.WriteString("—")
			i += 3
		case strings.HasPrefix(s[i:], "--"):
			out.WriteString("–")
			i += 2
		case strings.HasPrefix(s[i:], "``"):
			out.WriteString("“")
			i += 2
		case strings.HasPrefix(s[i:], "''"):
			out.WriteString("”")
			i += 2
		default:
			out.WriteByte(c)
			i++
		}
	}
	return out.String()
}

// commanded reads the command behind a backslash at i.
func commanded(s string, i, depth int) (text string, next int) {
	if i >= len(s) {
		return "", i
	}
	if !letter(s[i]) {
		mark, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if over, ok := accent(string(mark)); ok {
			return accented(s, i, over, depth)
		}
		switch mark {
		case '\\', ' ', '\n', '\t', ',', ';', ':':
			return " ", i
		case '-', '/', '!', '(', ')', '[', ']':
			return "", i
		}
		return string(mark), i
	}
	from := i
	for i < len(s) && letter(s[i]) {
		i++
	}
	name := s[from:i]
	for i < len(s) && blankByte(s[i]) { // a command of letters eats the space behind it
		i++
	}
	if over, ok := accent(name); ok {
		return accented(s, i, over, depth)
	}
	if text, ok := symbol(name); ok {
		if strings.HasPrefix(s[i:], "{}") {
			i += 2
		}
		return text, i
	}
	if name == "begin" || name == "end" || name == "href" {
		_, i = group(s, i)
	}
	return "", i
}

// accented puts a mark on the first letter of what stands at i.
func accented(s string, i int, over rune, depth int) (text string, next int) {
	for i < len(s) && blankByte(s[i]) {
		i++
	}
	var arg string
	switch {
	case i >= len(s) || depth >= maxLatex:
		return "", i
	case s[i] == '{':
		arg, i = group(s, i)
		arg = latex(arg, depth+1)
	case s[i] == '\\':
		arg, i = commanded(s, i+1, depth+1)
	case s[i] == '}':
		return "", i
	default:
		_, n := utf8.DecodeRuneInString(s[i:])
		arg, i = s[i:i+n], i+n
	}
	first, n := utf8.DecodeRuneInString(arg)
	if n == 0 || !unicode.IsLetter(first) {
		return arg, i
	}
	switch first {
	case 'ı':
		first = 'i'
	case 'ȷ':
		first = 'j'
	}
	return string(first) + string(over) + arg[n:], i
}

// group is the text of the braces that open at i, and where they end; nothing where none open.
func group(s string, i int) (text string, next int) {
	if i >= len(s) || s[i] != '{' {
		return "", i
	}
	depth := 0
	for j := i; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[i+1 : j], j + 1
			}
		}
	}
	return s[i+1:], len(s)
}
