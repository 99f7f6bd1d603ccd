package ui

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/i18n"
)

func windowTitle(ctx context.Context, p Page) string {
	name := From(ctx).Brand.Name
	switch {
	case name == "" || p.Title == name:
		return p.Title
	case p.Title == "":
		return name
	}
	return p.Title + " · " + name
}

func pressed(on bool) string { return strconv.FormatBool(on) }

// languageName is a language in itself.
func languageName(l i18n.Lang) string {
	if l == i18n.EN {
		return "English"
	}
	return "中文" //i18n:data a language is named in itself
}

// initial is the first letter of a name, behind the mark of a sample.
func initial(name string) string {
	for i, r := range name {
		if r == '·' {
			return initial(strings.TrimSpace(name[i+utf8.RuneLen(r):]))
		}
	}
	for _, r := range name {
		return string(r)
	}
	return ""
}

// shortID makes an id for an element out of its words, the same every time.
func shortID(parts ...string) string {
	h := fnv.New32a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p + "\x00"))
	}
	return fmt.Sprintf("d%08x", h.Sum32())
}

func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return strconv.FormatInt(bytes, 10) + " B"
	case bytes < 1_000_000:
		return strconv.FormatFloat(float64(bytes)/1e3, 'f', 0, 64) + " KB"
	}
	return strconv.FormatFloat(float64(bytes)/1e6, 'f', 1, 64) + " MB"
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// hue is the class of an icon's ground.
func hue(n int) string {
	if n < 1 || n > 8 {
		return ""
	}
	return "h" + strconv.Itoa(n)
}

func describe(p PriceOf) string {
	if p.About == "" {
		return ""
	}
	return p.Action.Label + " " + p.About
}
