-- +goose Up
-- What statements, budgets and payments read: a firm's movements by day, the postings of payees and funders, what may be paid.

DROP INDEX voucher_transfer_firm;
CREATE INDEX voucher_transfer_firm ON voucher_transfer (firm, day, id) WHERE firm <> '';

CREATE INDEX voucher_posting_party ON voucher_posting (account, transfer) WHERE substr(account, 1, 2) IN ('fu', 'pa', 're');
CREATE INDEX voucher_account_funder ON voucher_account (funder) WHERE funder <> '';

CREATE INDEX voucher_claim_payable ON voucher_claim (payable_on, id) WHERE state = 'published';
CREATE INDEX voucher_claim_programme ON voucher_claim (programme, state, paid_on);
CREATE INDEX voucher_grant_programme ON voucher_grant (programme, issued_on, amount);
CREATE INDEX voucher_hold_programme ON voucher_hold (programme, used_on, used);
