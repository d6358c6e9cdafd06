//! Methods and paths. The documents give those of the log-in and the reports; those of the two creations are the vendor's public
//! ones, and an installation's may differ.

use reqwest::Method;

use crate::crm::routes::Usual;

pub(super) const CREATE_CUSTOMER: &str = "CreateCustomer";
pub(super) const CREATE_LEAD: &str = "CreateLead";
pub(super) const LOG_IN: &str = "LogIn";
pub(super) const LEADS: &str = "Leads";
pub(super) const REGISTRATIONS: &str = "Registrations";
pub(super) const TRANSACTIONS: &str = "Transactions";
pub(super) const SERVERS: &str = "Servers";
pub(super) const POSITIONS: &str = "Positions";

pub(super) const USUAL: [Usual; 8] = [
    (CREATE_CUSTOMER, Method::POST, "/api/v1/public/customer"),
    (CREATE_LEAD, Method::POST, "/api/v1/public/lead"),
    (LOG_IN, Method::POST, "/api/v1/auth/login"),
    (LEADS, Method::GET, "/api/v1/ib/leads"),
    (REGISTRATIONS, Method::GET, "/api/v1/ib/registrations"),
    (TRANSACTIONS, Method::GET, "/api/v1/ib/transactions"),
    (SERVERS, Method::GET, "/api/v1/ib/servers"),
    (POSITIONS, Method::GET, "/api/v1/ib/positions"),
];
