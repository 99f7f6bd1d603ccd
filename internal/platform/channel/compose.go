package channel

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime"
	"net/mail"
	"strings"
	"time"
)

// compose writes a mail (RFC 5322): ASCII headers with encoded words, a base64 text body in UTF-8. No value can
// start a header of its own: addresses are parsed, the subject is one line and encoded, the key is hashed. An invitation is
// another form of the text (RFC 6047), which calendar programs show with it.
func compose(from, to *mail.Address, m Message, at time.Time) []byte {
	text := m.Text
	if m.Link != "" {
		text += "\n\n" + m.Link
	}
	var b bytes.Buffer
	header := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	header("From", from.String())
	header("To", to.String())
	header("Subject", mime.BEncoding.Encode("utf-8", oneLine(m.Subject)))
	header("Date", at.Format(time.RFC1123Z))
	header("Message-ID", messageID(m.Key, from.Address))
	header("Auto-Submitted", "auto-generated")
	header("MIME-Version", "1.0")
	part := func(kind, text string) {
		header("Content-Type", kind)
		header("Content-Transfer-Encoding", "base64")
		b.WriteString("\r\n")
		wrap(&b, base64.StdEncoding.EncodeToString([]byte(crlf(text))))
	}
	if m.Calendar == "" {
		part("text/plain; charset=utf-8", text)
		return b.Bytes()
	}
	sum := sha256.Sum256([]byte(m.Key))
	border := "qiao-" + hex.EncodeToString(sum[:12]) // a base64 line has no hyphen, so it stands in no part
	header("Content-Type", `multipart/alternative; boundary="`+border+`"`)
	b.WriteString("\r\n--" + border + "\r\n")
	part("text/plain; charset=utf-8", text)
	b.WriteString("\r\n--" + border + "\r\n")
	part("text/calendar; charset=utf-8; method="+oneWord(m.Method), m.Calendar)
	b.WriteString("\r\n--" + border + "--\r\n")
	return b.Bytes()
}

// oneWord keeps the capital letters of a parameter's value.
func oneWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'A' || r > 'Z' {
			return -1
		}
		return r
	}, s)
}

// messageID is the same for every attempt at a message, so that a mail reader folds a repetition.
func messageID(key, from string) string {
	sum := sha256.Sum256([]byte(key))
	domain := from[strings.LastIndexByte(from, '@')+1:]
	return "<" + hex.EncodeToString(sum[:16]) + "@" + domain + ">"
}

// oneLine turns every control character into a blank.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s))
}

// crlf gives every line the line end of mail.
func crlf(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// wrap writes base64 in lines of 76.
func wrap(b *bytes.Buffer, s string) {
	for len(s) > 76 {
		b.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	b.WriteString(s + "\r\n")
}
