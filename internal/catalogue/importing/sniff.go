package importing

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// What the beginning of a file of records looks like, whatever it is called.
var (
	risShape    = regexp.MustCompile(`(?m)^\x{FEFF}?TY {0,3}- ?[A-Z]{2,8}\s*$`)
	bibtexShape = regexp.MustCompile(`(?mi)^\s*@(article|book|booklet|collection|comment|conference|data|dataset|electronic|inbook|incollection|inproceedings|manual|masters?thesis|misc|online|patent|phdthesis|preamble|proceedings|report|software|standard|string|techreport|thesis|unpublished|www)\s*[{(]`)
	linesShape  = regexp.MustCompile(`^\[?\s*\{\s*"`)
)

// sniff tells which reader a file of records needs: one of readers, "json", or "" for a table. name is that of the file: a
// bibliography may begin with a long comment.
func sniff(name string, head []byte) string {
	text := string(head)
	if r, err := sheet.Text(name, bytes.NewReader(head), int64(len(head))); err == nil {
		if b, err := io.ReadAll(r); err == nil {
			text = string(b)
		}
	}
	start := strings.TrimLeft(strings.TrimPrefix(text, "\uFEFF"), " \t\r\n")
	lower := strings.ToLower(start[:min(len(start), 200)])
	switch {
	case strings.HasPrefix(start, "<"):
		for _, page := range []string{"<!doctype html", "<html", "<table"} {
			if strings.HasPrefix(lower, page) {
				return "" // a web page: the reader of tables says what to do
			}
		}
		return "xml"
	case linesShape.MatchString(start), strings.HasPrefix(start, "["), strings.HasPrefix(start, "{"):
		return "json"
	case risShape.MatchString(text):
		return "ris"
	case bibtexShape.MatchString(text):
		return "bibtex"
	}
	switch strings.ToLower(name[strings.LastIndexByte(name, '.')+1:]) {
	case "bib", "bibtex":
		return "bibtex"
	case "ris":
		return "ris"
	}
	return ""
}

// FormatOf is the format that a media type names; "" where the content decides.
func FormatOf(media string) string {
	kind, _, _ := strings.Cut(strings.ToLower(media), ";")
	switch strings.TrimSpace(kind) {
	case "application/x-bibtex", "text/x-bibtex":
		return "bibtex"
	case "application/x-research-info-systems", "application/x-ris":
		return "ris"
	}
	return ""
}

// utf8Of gives a file's text as UTF-8.
func utf8Of(name string, f *file, count *counted) (io.Reader, error) {
	r, err := sheet.Text(name, count, f.size)
	if fault.Is(err, "sheet-encoding") {
		return nil, fault.New(fault.Invalid, "text-encoding", "文件“{0}”的文字编码无法识别。请用文本编辑器另存为 UTF-8 编码后再上传。", name).Because(err)
	}
	return r, err
}

// counted counts the bytes that are read from a file.
type counted struct {
	io.ReaderAt
	n int64
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.n += int64(n)
	return n, err
}
