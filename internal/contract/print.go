//i18n:data a printed contract is in Chinese, the language in which it holds

package contract

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/pdf"
)

// article is the heading of an article of a contract.
var article = regexp.MustCompile(`^(第\d+条|附件\d+) `)

// Print is a contract as a PDF to sign and stamp: its text, places for both sides, and the code that leads to its proof.
func Print(c Contract, address string) ([]byte, error) {
	o := pdf.Options{Title: c.Number, Head: "合同编号 " + c.Number, Foot: fmt.Sprintf("第 %d 版　SHA-256 %s", c.Version, c.SHA256), Page: "第 %d 页　共 %d 页", At: c.At.Time}
	if c.Invented {
		o.Mark = "示例"
	}
	d := pdf.New(o)
	title, rest, _ := strings.Cut(c.Body, "\n")
	d.Title(title)
	for _, l := range strings.Split(strings.TrimRight(rest, "\n"), "\n") {
		switch {
		case l == "":
			d.Gap(4)
		case article.MatchString(l):
			d.Head(l)
		default:
			d.Para(l)
		}
	}
	d.Signs("甲方（盖章）：\n代表签字：\n日期：　　　　年　　月　　日", "乙方（盖章）：\n代表签字：\n日期：　　　　年　　月　　日")
	d.Code(strings.TrimRight(address, "/")+"/contracts/"+c.Number, "扫码核对这份合同：在打开的页面上选择这个 PDF 文件，或粘贴合同文本，即可知道它是不是登记的那一份。\n文本的 SHA-256："+c.SHA256)
	return d.Bytes()
}

// printed gives the contract as a PDF and remembers its hash, so that the file can be recognised however the program prints
// contracts one day.
func (s *Service) printed(ctx context.Context, c Contract) ([]byte, error) {
	body, err := Print(c, s.Address)
	if err != nil {
		return nil, fmt.Errorf("print contract %s: %w", c.Number, err)
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	known, err := s.isPrint(ctx, s.DB, c.ID, hash)
	if err != nil || known {
		return body, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO contract_print (contract, sha256, at) VALUES ($1, $2, $3) ON CONFLICT (contract, sha256) DO NOTHING`, c.ID, hash, db.At(s.Clock.Now()))
		if err != nil {
			return fmt.Errorf("remember the print: %w", err)
		}
		return nil
	})
	return body, err
}

// isPrint tells whether a file is a print of a version.
func (s *Service) isPrint(ctx context.Context, q db.Q, contract, hash string) (bool, error) {
	_, err := db.One[string](ctx, q, `SELECT contract FROM contract_print WHERE contract = $1 AND sha256 = $2`, contract, hash)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the print: %w", err)
	}
	return true, nil
}

// proves tells whether a copy is the contract: one of its prints, or its text.
func (s *Service) proves(ctx context.Context, q db.Q, c Contract, copied []byte) (bool, error) {
	if same(copied, c.Body) {
		return true, nil
	}
	sum := sha256.Sum256(copied)
	return s.isPrint(ctx, q, c.ID, hex.EncodeToString(sum[:]))
}
