//! stub
pub const PROJECT: &str = "demo";
use super::{error::ApiError,http::{Reply,Request,Transport},source::LocalFuture};
use crate::model::{name::RolloutName,time::Timestamp};
pub struct Demo;
#[derive(Clone)]
pub struct DemoRollout { pub name: RolloutName, pub title: String }
impl Demo { pub fn new(_:Timestamp)->Self{Demo} pub fn rollouts(&self)->Vec<DemoRollout>{vec![]} }
impl Transport for Demo {
 fn send<'a>(&'a self, _: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> { unimplemented!() }
 fn sleep(&self, d: std::time::Duration) -> LocalFuture<'_, ()> { Box::pin(gloo_timers::future::sleep(d)) }
 fn random(&self) -> f64 { 0.0 }
}
