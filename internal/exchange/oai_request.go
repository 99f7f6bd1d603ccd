package exchange

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The verbs of OAI-PMH 2.0.
const (
	verbIdentify    = "Identify"
	verbFormats     = "ListMetadataFormats"
	verbSets        = "ListSets"
	verbIdentifiers = "ListIdentifiers"
	verbRecords     = "ListRecords"
	verbRecord      = "GetRecord"
)

// arguments says which arguments a verb takes, and which of them it needs.
type arguments struct {
	may, must []string
	token     bool // takes resumptionToken instead of all others
}

func verbs() map[string]arguments {
	list := arguments{may: []string{"metadataPrefix", "from", "until", "set"}, must: []string{"metadataPrefix"}, token: true}
	return map[string]arguments{
		verbIdentify: {}, verbFormats: {may: []string{"identifier"}}, verbSets: {token: true}, verbIdentifiers: list, verbRecords: list,
		verbRecord: {may: []string{"identifier", "metadataPrefix"}, must: []string{"identifier", "metadataPrefix"}},
	}
}

// oaiError is an error as the protocol has it.
type oaiError struct{ Code, Text string }

func badArgument(text string) *oaiError { return &oaiError{"badArgument", text} }

// oaiRequest is a request that keeps the rules of the protocol.
type oaiRequest struct {
	Verb       string
	Identifier string
	Prefix     string
	From       string // to the second; inclusive
	Until      string
	Set        string
	Token      string
	given      [][2]string // arguments as they came, in the order of the protocol
}

// argumentOrder is the order in which arguments are told back.
var argumentOrder = [...]string{"identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"}

// parseOAI reads the arguments of a request. The text of an error is English, as the protocol's clients read it.
func parseOAI(v url.Values) (oaiRequest, *oaiError) {
	var r oaiRequest
	if len(v["verb"]) != 1 {
		return r, &oaiError{"badVerb", "Give the argument verb exactly once."}
	}
	r.Verb = v.Get("verb")
	rule, ok := verbs()[r.Verb]
	if !ok {
		r.Verb = ""
		return r, &oaiError{"badVerb", "The verb is not one of Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords, GetRecord."}
	}
	for name, values := range v {
		switch {
		case name == "verb":
		case len(values) != 1:
			return r, badArgument("The argument " + clip(name) + " is repeated.")
		case !slices.Contains(rule.may, name) && (name != "resumptionToken" || !rule.token):
			return r, badArgument("The verb " + r.Verb + " takes no argument " + clip(name) + ".")
		}
	}
	if v.Has("resumptionToken") {
		if len(v) > 2 {
			return r, badArgument("resumptionToken is an exclusive argument.")
		}
		r.Token = v.Get("resumptionToken")
	} else {
		for _, name := range rule.must {
			if v.Get(name) == "" {
				return r, badArgument("The verb " + r.Verb + " needs the argument " + name + ".")
			}
		}
	}
	for _, name := range argumentOrder {
		if v.Has(name) {
			r.given = append(r.given, [2]string{name, v.Get(name)})
		}
	}
	r.Identifier, r.Prefix, r.Set = v.Get("identifier"), v.Get("metadataPrefix"), v.Get("set")
	return r, r.span(v)
}

var (
	prefixShape = regexp.MustCompile(`^[A-Za-z0-9\-_.!~*'()]+$`)
	setShape    = regexp.MustCompile(`^[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*$`)
)

// span reads from and until and checks what is left.
func (r *oaiRequest) span(v url.Values) *oaiError {
	if v.Has("metadataPrefix") && !prefixShape.MatchString(r.Prefix) {
		return badArgument("The metadataPrefix has characters that none can have.")
	}
	if v.Has("set") && !setShape.MatchString(r.Set) {
		return badArgument("The set has characters that none can have.")
	}
	if v.Has("from") && v.Has("until") && len(v.Get("from")) != len(v.Get("until")) {
		return badArgument("from and until must have the same granularity.")
	}
	for name, end := range map[string]string{"from": "T00:00:00Z", "until": "T23:59:59Z"} {
		text := v.Get(name)
		if !v.Has(name) {
			continue
		}
		if len(text) == len(time.DateOnly) {
			text += end
		}
		if t, err := time.Parse(second, text); err != nil || t.Format(second) != text || t.Year() < 1 {
			return badArgument(name + " is not a date (YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ).")
		}
		if name == "from" {
			r.From = text
		} else {
			r.Until = text
		}
	}
	if r.From != "" && r.Until != "" && r.From > r.Until {
		return badArgument("from is later than until.")
	}
	return nil
}

// clip keeps an argument's name short and printable in an answer.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > 40 {
		s = string(runes[:40]) + "…"
	}
	return s
}
