// Package number gives the numbers people say aloud: order, slip, voucher and contract numbers. They
// are unique beside the id, never instead of it.
package number

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Next is the next number of a series: letters, the four digits of the region's prefecture, the civil
// date and a serial that starts anew each day: "DD3304-20261121-0007". Take it last in a transaction:
// rivals of the same series wait from here to the commit.
func Next(ctx context.Context, tx *db.Tx, letters, region string, at time.Time) (string, error) {
	if len(region) < 4 {
		return "", fmt.Errorf("number %s: region code %q is not six digits", letters, region)
	}
	series := letters + region[:4] + "-" + clock.Local(at).Format("20060102")
	n, err := db.One[int64](ctx, tx, `INSERT INTO number_serial (series, last) VALUES ($1, 1)
		ON CONFLICT (series) DO UPDATE SET last = number_serial.last + 1 RETURNING last`, series)
	if err != nil {
		return "", fmt.Errorf("number in series %s: %w", series, err)
	}
	return fmt.Sprintf("%s-%04d", series, n), nil
}
