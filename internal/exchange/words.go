package exchange

import "qiao/internal/catalogue/kinds"

// kindNames are both names of a kind.
func kindNames(kind string) string {
	if k, ok := kinds.All().Find(kind); ok {
		return k.ZH + " " + k.EN
	}
	return kind
}
