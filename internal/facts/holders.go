package facts

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
)

// Holder is one who holds shares.
type Holder struct {
	Name  string `json:"name"`
	Code  string `json:"code,omitempty"` // unified social credit code of a legal person
	Share int64  `json:"share"`          // basis points of the capital; 0: not said
}

// ParseHolders reads shareholders as people type them, one a line: name, credit code where there is one, per cent. "None" is
// the empty list. The fault names the line.
func ParseHolders(typed string) ([]Holder, *fault.Error) {
	out := []Holder{}
	var sum int64
	n := 0
	for line := range strings.Lines(typed) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		n++
		if isNone(line) && len(out) == 0 {
			continue
		}
		if n > maxLines {
			return nil, wrong("最多 {0} 行，每行最多 {1} 个字。", maxLines, maxText)
		}
		h, err := parseHolder(line, n)
		if err != nil {
			return nil, err
		}
		if sum += h.Share; sum > 10000 {
			return nil, wrong("第 {0} 行：各股东比例之和超过 100%。", n)
		}
		out = append(out, h)
	}
	return out, nil
}

func parseHolder(line string, n int) (Holder, *fault.Error) {
	var h Holder
	var name []string
	for _, part := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",，;；\t", r) }) {
		part = strings.TrimSpace(part)
		code := identity.NormalUSCC(part)
		switch {
		case part == "":
		case strings.ContainsAny(part, "%％"):
			share, ok := basisPoints(part)
			if !ok || h.Share != 0 {
				return h, wrong("第 {0} 行：比例“{1}”读不懂，请写成 12.5%。", n, part)
			}
			h.Share = share
		case looksLikeCode(code) && h.Code == "":
			if err := identity.CheckUSCC(code); err != nil && !identity.USCCWarning(err) {
				return h, wrong("第 {0} 行：“{1}”不是统一社会信用代码。", n, part)
			}
			h.Code = code
		default:
			name = append(name, part)
		}
	}
	h.Name = strings.Join(name, "，")
	if h.Name == "" || utf8.RuneCountInString(h.Name) > maxText {
		return h, wrong("第 {0} 行：请写明股东名称，例如：甲科技有限公司，信用代码，60%。", n)
	}
	return h, nil
}

// looksLikeCode tells whether a part of a line is meant to be a credit code.
func looksLikeCode(s string) bool {
	return len(s) == 18 && !strings.ContainsFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') })
}

// basisPoints reads "12.5%" with at most two decimals.
func basisPoints(s string) (int64, bool) {
	s = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(s), "%％"))
	whole, part, _ := strings.Cut(s, ".")
	if len(whole) == 0 || len(whole) > 3 || len(part) > 2 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	return n, err == nil && n > 0 && n <= 10000
}

func sayShare(points int64) string {
	s := strconv.FormatFloat(float64(points)/100, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}

func formatHolders(list []Holder) string {
	b, err := json.Marshal(list)
	if err != nil { // texts and numbers are always written
		return "[]"
	}
	return string(b)
}

// readHolders reads what formatHolders wrote.
func readHolders(value string) []Holder {
	var out []Holder
	if json.Unmarshal([]byte(value), &out) != nil {
		return nil
	}
	return out
}

func typedHolders(list []Holder) string {
	if len(list) == 0 {
		return noneZH
	}
	var out []string
	for _, h := range list {
		line := h.Name
		if h.Code != "" {
			line += "，" + h.Code
		}
		if h.Share > 0 {
			line += "，" + sayShare(h.Share)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func sayHolders(ctx context.Context, list []Holder) string {
	if len(list) == 0 {
		return i18n.T(ctx, "无")
	}
	var out []string
	for _, h := range list {
		if h.Share > 0 {
			out = append(out, h.Name+" "+sayShare(h.Share))
		} else {
			out = append(out, h.Name)
		}
	}
	return strings.Join(out, i18n.T(ctx, "、"))
}
