package scrutiny

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"qiao/internal/platform/blob"
	"qiao/internal/platform/fault"
)

// Proof is a file that comes with an answer or a note.
type Proof struct {
	Name string
	Body io.Reader // nil: none
}

// keptFile is a proof that was stored; an empty name: none.
type keptFile struct {
	Name   string
	SHA256 string
	Size   int64
}

// maxProof is the size of a file that comes with an answer.
const maxProof = 20 << 20

// said checks an answer and stores its file.
func (s *Service) said(ctx context.Context, a Answer) (string, keptFile, error) {
	note, err := noteOf(a.Note, a.Body == nil)
	if err != nil || a.Body == nil {
		return note, keptFile{}, err
	}
	f, err := s.keepProof(ctx, a.Proof)
	return note, f, err
}

// keepProof stores a file, if it is what its name says.
func (s *Service) keepProof(ctx context.Context, p Proof) (keptFile, error) {
	body := bufio.NewReaderSize(p.Body, blob.Sniffed)
	head, err := body.Peek(blob.Sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return keptFile{}, fmt.Errorf("read the file: %w", err)
	}
	if !blob.Genuine(p.Name, head) {
		return keptFile{}, fault.New(fault.Invalid, "not-genuine", "文件内容与名称不符。").Field("file", "not-genuine", "“{0}”的内容与扩展名不符，或是空文件：请打开检查，另存为正确的格式后再上传。", p.Name)
	}
	ref, err := s.Files.Put(ctx, body, maxProof)
	if err != nil {
		return keptFile{}, fmt.Errorf("keep the file: %w", err)
	}
	if p.Name == "" || utf8.RuneCountInString(p.Name) > 200 || strings.ContainsFunc(p.Name, unicode.IsControl) {
		p.Name = "proof-" + ref.SHA256[:8]
	}
	return keptFile{p.Name, ref.SHA256, ref.Size}, nil
}
