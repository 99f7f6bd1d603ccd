package catalogue

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/fault"
)

// Identifier is one persistent id of a resource, kept without the address of its resolver.
type Identifier struct {
	Scheme string `db:"scheme" json:"scheme" enum:"own,cstr,doi,ror,orcid,pidinst,handle,other"`
	Value  string `db:"value" json:"value" example:"10.5442/NI000001"`
}

// maxIdentifiers is how many one resource may have.
const maxIdentifiers = 20

var (
	doiShape    = regexp.MustCompile(`^10\.\d{4,9}(\.\d+)*/\S+$`)
	cstrShape   = regexp.MustCompile(`^\d{5}\.\d{2}\.\S+$`)
	handleShape = regexp.MustCompile(`^\d+(\.[0-9A-Za-z-]+)*/\S+$`)
	resolver    = regexp.MustCompile(`(?i)^(https?://)?(www\.|dx\.)?(doi\.org|hdl\.handle\.net|ror\.org|orcid\.org|cstr\.cn|identifiers\.org/cstr)/|^(doi|cstr|hdl|orcid|ror):\s*`)
)

// Normal is the identifier as it is kept: no resolver's address, letters as its scheme writes them.
func (x Identifier) Normal() Identifier {
	v := strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { //i18n:data full-width range
			return r - 0xFEE0
		}
		return r
	}, strings.TrimSpace(x.Value))
	for x.Scheme != "own" && x.Scheme != "other" && resolver.MatchString(v) {
		v = strings.TrimSpace(resolver.ReplaceAllString(v, ""))
	}
	switch x.Scheme {
	case "doi":
		v = strings.ToLower(v) // names are compared without regard to case
	case "ror":
		v = identity.NormalROR(v)
	case "orcid":
		v = strings.ToUpper(v)
		if len(v) == 16 && strings.Trim(v, "0123456789X") == "" {
			v = v[:4] + "-" + v[4:8] + "-" + v[8:12] + "-" + v[12:]
		}
	}
	return Identifier{Scheme: x.Scheme, Value: v}
}

// schemes are the schemes of identifiers, in the order of a form.
func schemes() []string {
	return []string{"doi", "cstr", "orcid", "ror", "pidinst", "handle", "own", "other"}
}

// readIdentifier reads a line as people write it: "DOI 10.5442/NI000001", an address of a resolver, or the bare id, whose
// scheme its shape tells.
func readIdentifier(line string) Identifier {
	line = strings.TrimSpace(line)
	if head, rest, ok := strings.Cut(strings.Replace(line, "：", ":", 1), " "); ok {
		scheme := strings.ToLower(strings.TrimSuffix(head, ":"))
		if slices.Contains(schemes(), scheme) {
			return Identifier{scheme, rest}.Normal()
		}
	}
	for _, scheme := range []string{"doi", "orcid", "cstr", "ror", "handle"} {
		if x := (Identifier{scheme, line}).Normal(); x.problem() == nil {
			return x
		}
	}
	return Identifier{"other", line}.Normal()
}

// readIdentifiers reads one identifier a line.
func readIdentifiers(text string) []Identifier {
	var out []Identifier
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			out = append(out, readIdentifier(line))
		}
	}
	return out
}

// writeIdentifiers is what readIdentifiers reads.
func writeIdentifiers(ids []Identifier) string {
	lines := make([]string, len(ids))
	for i, x := range ids {
		lines[i] = strings.ToUpper(x.Scheme) + " " + x.Value
	}
	return strings.Join(lines, "\n")
}

// problem says what is wrong with a normal identifier; nil when nothing is.
func (x Identifier) problem() *kinds.Problem {
	bad := func(text string) *kinds.Problem {
		return &kinds.Problem{Code: "not-an-identifier", Text: text, Args: []any{x.Value}}
	}
	if n := len([]rune(x.Value)); n == 0 || n > 200 || strings.ContainsFunc(x.Value, unicode.IsControl) {
		return bad("标识“{0}”应有 1 到 200 个字，不含换行。")
	}
	switch x.Scheme {
	case "doi":
		if !doiShape.MatchString(x.Value) {
			return bad("“{0}”不是 DOI，例如 10.5442/NI000001。")
		}
	case "cstr":
		if !cstrShape.MatchString(x.Value) {
			return bad("“{0}”不是 CSTR 标识，例如 31253.11.sciencedb.01234。")
		}
	case "ror":
		if !identity.ValidROR(x.Value) {
			return bad("“{0}”不是 ROR 编号，校验位不符，例如 03yrm5c26。")
		}
	case "orcid":
		if !identity.ValidORCID(x.Value) {
			return bad("“{0}”不是 ORCID 编号，校验位不符，例如 0000-0002-1825-0097。")
		}
	case "handle", "pidinst":
		if !handleShape.MatchString(x.Value) {
			return bad("“{0}”不是 Handle 标识，例如 21.T11148/17ce618137e697852ea6。")
		}
	case "own", "other":
	default:
		return &kinds.Problem{Code: "not-a-choice", Text: "没有“{0}”这种标识。", Args: []any{x.Scheme}}
	}
	return nil
}

// Valid tells whether the identifier keeps the rules of its scheme.
func (x Identifier) Valid() bool { return x.problem() == nil }

// Link is where the identifier leads; empty where it has no resolver.
func (x Identifier) Link() string { return format.Identifier(x).Link() }

// applyIdentifiers puts identifiers into r, each once, and tells those that are wrong.
func applyIdentifiers(r *Resource, in []Identifier, bad *fault.Error) {
	r.Identifiers = nil
	for _, x := range in {
		x = x.Normal()
		if p := x.problem(); p != nil {
			bad.Field("identifiers", p.Code, p.Text, p.Args...)
		} else if !slices.Contains(r.Identifiers, x) {
			r.Identifiers = append(r.Identifiers, x)
		}
	}
	if len(r.Identifiers) > maxIdentifiers {
		bad.Field("identifiers", "too-many", "有 {0} 项，最多 {1} 项。", len(r.Identifiers), maxIdentifiers)
	}
}
