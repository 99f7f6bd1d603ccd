package match

import (
	"regexp"
	"strings"
)

// contacts are what must not stand in a public text: numbers and addresses by which a person is reached.
var contacts = regexp.MustCompile(`(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?i:微信|wechat|qq|vx)\s*(?:号|:|：)\s*[\w-]{4,}`) //i18n:data how people write contacts

// hidden stands for what was taken out.
const hidden = "●●●"

// public is a text without contacts and without the firm's own name.
func public(text string, names ...string) string {
	text = contacts.ReplaceAllString(text, hidden)
	for _, n := range names {
		if n != "" {
			text = strings.ReplaceAll(text, n, hidden)
		}
	}
	return text
}
